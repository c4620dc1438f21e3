using VSan.Contracts.Api;
using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;
using Xunit;

namespace VSan.Tests.Unit.HostAgent;

/// <summary>A leg of a mirror in use is exchanged for another: what is done in which order, and what is remembered at each point.</summary>
public sealed class ExchangeTests
{
    private const MemberState InSync = MemberState.InSync, Rebuilding = MemberState.Rebuilding, Faulty = MemberState.Faulty;

    private static readonly MirrorRecord Both = new([Sample.Naa(0), Sample.Naa(1)], 10, IsClean: false);

    /// <summary>Leg 2 comes in the place of leg 1.</summary>
    private static VolumeRecord Coming => Told(Sample.Mirror() with { Mirror = Both, IsFormatted = true, FileSystemBytes = Sample.SizeBytes }, [0, 1], incoming: 2);

    /// <summary>Leg 2 has the place of leg 1, which goes.</summary>
    private static VolumeRecord Going => Told(Coming with { Mirror = Both with { Current = [Sample.Naa(0), Sample.Naa(1), Sample.Naa(2)] } }, [0, 2]);

    [Fact]
    public void Told_OfALegThatComesAndOfOneThatIsNamedNoMore_KeepsBothUntilOneIsLetGo()
    {
        Assert.Equal([Sample.Naa(0), Sample.Naa(1), Sample.Naa(2)], Coming.Legs.Select(leg => leg.Naa));
        Assert.Equal((3, 2), (Coming.WantedCount, Going.WantedCount));
        Assert.Equal([Sample.Naa(0), Sample.Naa(2), Sample.Naa(1)], Going.Legs.Select(leg => leg.Naa));
        VolumeRecord cancelled = Told(Coming, [0, 1]);
        Assert.Equal([Sample.Naa(2)], cancelled.Leaving!.Select(leg => leg.Naa));
        Assert.Null(Told(cancelled, [0, 1], incoming: 2).Leaving);
    }

    [Fact]
    public void NewLegIsBlank_IsAddedAndThenGetsAPlaceOfItsOwn()
    {
        FoundLeg[] legs = [Sample.Leg(0, null), Sample.Leg(1, null), Sample.Leg(2, new DiskContent.Blank())];
        Assert.Equal(["mdadm /dev/md127 --add --failfast /dev/sdc"], Texts(Coming, legs, Array(2, InSync, InSync)));
        legs[2] = Sample.Leg(2, null);
        Assert.Equal(["mdadm --grow /dev/md127 --raid-devices=3"], Texts(Coming, legs, Array(2, InSync, InSync, Rebuilding)));
        Assert.Empty(Texts(Coming, legs, Array(3, InSync, InSync, Rebuilding) with { Sync = new FoundSync("recover", 1, 10) }));
    }

    // Its place is free: md fills it without any change of their number.
    [Fact]
    public void OldLegIsLost_TheNewOneTakesItsPlace()
    {
        VolumeRecord record = Coming with { Mirror = Both with { Current = [Sample.Naa(0)] } };
        FoundLeg[] legs = [Sample.Leg(0, null, recoverySeconds: SessionTimers.AloneSeconds), Sample.Leg(1, null, isHere: false), Sample.Leg(2, null)];
        FoundArray array = new("md127", Sample.SizeBytes, "clean", 2, [new FoundMember("sda", InSync), new FoundMember("sdc", Rebuilding)], null);
        Assert.DoesNotContain(Texts(record, legs, array), text => text.Contains("mdadm", StringComparison.Ordinal));
    }

    [Fact]
    public void NewLegHoldsSomethingElse_IsNotTouched()
    {
        HostPlan plan = Plan(Coming, [Sample.Leg(0, null), Sample.Leg(1, null), Sample.Leg(2, new DiskContent.FileSystem("ext4"))], Array(2, InSync, InSync));
        Assert.Empty(plan.Steps);
        Assert.Contains(plan.Obstacles, obstacle => obstacle.NextAction is not null);
    }

    // A copy is current from the moment when md has all of it; the host's memory says so before anything goes.
    [Fact]
    public void NewLegIsUpToDate_IsRemembered()
    {
        Step.Remember remembered = Assert.IsType<Step.Remember>(Assert.Single(Plan(Coming, ThreeLegs(), Array(3, InSync, InSync, InSync)).Steps));
        Assert.Equal([Sample.Naa(0), Sample.Naa(1), Sample.Naa(2)], remembered.Record.Mirror!.Current);
    }

    // Once it is failed it is behind: a crash right after must not find it in the memory.
    [Fact]
    public void OldLegGoes_OutOfTheMemoryFirst_ThenOutOfTheMirror_ThenItsSession()
    {
        Step.Remember remembered = Assert.IsType<Step.Remember>(Assert.Single(Plan(Going, GoingLegs(), GoingArray(3, InSync)).Now(_ => false)));
        Assert.Equal([Sample.Naa(0), Sample.Naa(2)], remembered.Record.Mirror!.Current);
        VolumeRecord known = remembered.Record;
        Assert.Equal(["mdadm /dev/md127 --fail /dev/sdb"], Texts(known, GoingLegs(), GoingArray(3, InSync)));
        Assert.Equal(["mdadm /dev/md127 --remove /dev/sdb"], Texts(known, GoingLegs(), GoingArray(3, Faulty)));
        string[] last = Texts(known, GoingLegs(), GoingArray(3, null));
        Assert.Equal(["iscsiadm -m node -T iqn.2026-11.io.example:unit-1 -p 10.0.0.2:3260 --logout", "mdadm --grow /dev/md127 --raid-devices=2"], last);
        FoundLeg[] gone = [.. GoingLegs().Take(2), new FoundLeg([new FoundPortal("10.0.0.2:3260", HasRecord: false, RecordAgrees: false, Session: null)], null)];
        Step.Remember end = Assert.IsType<Step.Remember>(Plan(known, gone, GoingArray(2, null)).Steps[0]);
        Assert.Empty(end.Record.Leaving!);
    }

    // The new one has failed since it was up to date: the old one is needed, whatever the station believes.
    [Fact]
    public void OldLegIsWantedNoMore_ButAnotherIsBehind_Stays()
    {
        foreach (MemberState behind in (MemberState[])[Rebuilding, Faulty])
        {
            FoundArray array = new("md127", Sample.SizeBytes, "clean", 3, [new FoundMember("sda", InSync), new FoundMember("sdc", behind), new FoundMember("sdb", InSync)], null);
            HostPlan plan = Plan(Going with { Mirror = Both }, GoingLegs(), array);
            Assert.DoesNotContain(Sample.Texts(plan), text => text.Contains("/dev/sdb", StringComparison.Ordinal) || text.Contains("--logout", StringComparison.Ordinal));
            Assert.DoesNotContain(plan.Steps, step => step is Step.Remember);
        }
    }

    // Cancelled while it is being brought up to date: it holds nothing that another does not.
    [Fact]
    public void NewLegIsWantedNoMore_WhileItIsRebuilt_IsTakenOut()
    {
        Assert.Equal(["mdadm /dev/md127 --fail /dev/sdc"], Texts(Told(Coming, [0, 1]), ThreeLegs(), Array(3, InSync, InSync, Rebuilding)));
    }

    // After a restart in the middle: a leg that goes is judged by the memory as any other.
    [Fact]
    public void Restarted_WhileALegGoes_StartsFromWhatIsRemembered()
    {
        VolumeRecord known = Going with { Mirror = Both with { Current = [Sample.Naa(0), Sample.Naa(2)] } };
        FoundLeg[] legs = [Sample.Leg(0, Sample.Copy(20)), Sample.Leg(2, Sample.Copy(20)), Sample.Leg(1, Sample.Copy(18))];
        Assert.Equal([0, 1], Assert.IsType<MirrorRule.Start>(MirrorRule.Judge(known, legs)).Legs);
        Assert.IsType<MirrorRule.Refuse>(MirrorRule.Judge(known, [Sample.Leg(0, null, isHere: false), Sample.Leg(2, null, isHere: false), legs[2]]));
        VolumeRecord needed = Going with { Mirror = Both with { Current = [Sample.Naa(1)] } };
        Assert.Equal([2], Assert.IsType<MirrorRule.Start>(MirrorRule.Judge(needed, [Sample.Leg(0, Sample.Copy(12)), Sample.Leg(2, Sample.Copy(12)), legs[2]])).Legs);
    }

    [Fact]
    public void Report_NamesEachLeg_AndCountsThoseThatPassForNothing()
    {
        HostVolumeReport report = VolumeReport.Of(Coming, Sample.Found(ThreeLegs(), Array(3, InSync, InSync, Rebuilding), isMounted: true), new HostPlan([], []));
        Assert.Equal(HostVolumeState.InUse, report.State);
        Assert.Equal([(Sample.Naa(0), false), (Sample.Naa(1), false), (Sample.Naa(2), true)], report.Legs.Select(leg => (leg.Naa!, leg.IsPassing)));
        Assert.Equal(HostLegState.Syncing, report.Legs[2].State);
    }

    private static FoundLeg[] ThreeLegs() => [Sample.Leg(0, null), Sample.Leg(1, null), Sample.Leg(2, null)];

    private static FoundLeg[] GoingLegs() => [Sample.Leg(0, null), Sample.Leg(2, null), Sample.Leg(1, null)];

    private static FoundArray Array(int places, params MemberState[] states) => Sample.Array(states) with { MemberCount = places };

    private static FoundArray GoingArray(int places, MemberState? former)
    {
        FoundMember[] kept = [new FoundMember("sda", InSync), new FoundMember("sdc", InSync)];
        return new FoundArray("md127", Sample.SizeBytes, "clean", places, former is { } state ? [.. kept, new FoundMember("sdb", state)] : kept, null);
    }

    private static VolumeRecord Told(VolumeRecord record, int[] legs, int? incoming = null)
    {
        IReadOnlyList<ConnectLeg> all = Sample.Mirror(legs: 3).Connect.Legs;
        return record.Told(record.Connect with { Legs = [.. legs.Select(leg => all[leg])], Incoming = incoming is { } index ? all[index] : null });
    }

    private static HostPlan Plan(VolumeRecord record, FoundLeg[] legs, FoundArray array) => Sample.Plan(record, Sample.Found(legs, array, isMounted: true));

    private static string[] Texts(VolumeRecord record, FoundLeg[] legs, FoundArray array) => Sample.Texts(Plan(record, legs, array));
}
