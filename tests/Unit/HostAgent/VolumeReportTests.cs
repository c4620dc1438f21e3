using VSan.Contracts.Api;
using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;
using Xunit;

namespace VSan.Tests.Unit.HostAgent;

/// <summary>What the station is told.</summary>
public sealed class VolumeReportTests
{
    private static readonly VolumeRecord Record = Sample.Mirror() with { Mirror = new MirrorRecord([Sample.Naa(0), Sample.Naa(1)], 1, IsClean: false), IsFormatted = true, FileSystemBytes = Sample.SizeBytes };

    [Fact]
    public void Whole_IsInUse() => AssertReport(HostVolumeState.InUse, [HostLegState.Current, HostLegState.Current], Sample.Found([Sample.Leg(0, null), Sample.Leg(1, null)], Sample.Array(MemberState.InSync, MemberState.InSync), isMounted: true));

    [Fact]
    public void CopyFailed_IsDegraded() => AssertReport(HostVolumeState.Degraded, [HostLegState.Current, HostLegState.Failed], Sample.Found([Sample.Leg(0, null), Sample.Leg(1, null)], Sample.Array(MemberState.InSync, MemberState.Faulty), isMounted: true));

    [Fact]
    public void CopyComesBack_TellsHowFarInTens()
    {
        FoundArray array = Sample.Array(MemberState.InSync, MemberState.Rebuilding) with { Sync = new FoundSync("recover", 37, 100) };
        HostVolumeReport report = AssertReport(HostVolumeState.Degraded, [HostLegState.Current, HostLegState.Syncing], Sample.Found([Sample.Leg(0, null), Sample.Leg(1, null)], array, isMounted: true));
        Assert.Equal(30, report.SyncPercent);
        Assert.Null(report.Message);
    }

    [Fact]
    public void StaleCopyAlone_NeedsAPerson()
    {
        VolumeRecord record = Record with { Mirror = Record.Mirror! with { Current = [Sample.Naa(0)] } };
        FoundVolume found = Sample.Found([Sample.Leg(0, null, isHere: false), Sample.Leg(1, Sample.Copy(1))]);
        HostVolumeReport report = VolumeReport.Of(record, found, Sample.Plan(record, found));
        Assert.Equal(HostVolumeState.NeedsOperator, report.State);
        Assert.Equal([HostLegState.Absent, HostLegState.Connected], report.Legs.Select(leg => leg.State));
        Assert.NotNull(report.NextAction);
    }

    [Fact]
    public void NothingYet_Waits() => Assert.Equal(HostVolumeState.Waiting, VolumeReport.Of(Record, Sample.Found([Sample.NothingYet(0), Sample.NothingYet(1)]), new HostPlan([], [])).State);

    private static HostVolumeReport AssertReport(HostVolumeState state, HostLegState[] legs, FoundVolume found)
    {
        HostVolumeReport report = VolumeReport.Of(Record, found, Sample.Plan(Record, found));
        Assert.Equal(legs, report.Legs.Select(leg => leg.State));
        Assert.Equal(state, report.State);
        Assert.Equal(Sample.Path, report.MountPath);
        return report;
    }
}
