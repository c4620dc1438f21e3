using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;
using Xunit;

namespace VSan.Tests.Unit.HostAgent;

/// <summary>From what is wanted and what is found, to steps.</summary>
public sealed class PlannerTests
{
    private const int Alone = SessionTimers.AloneSeconds;

    private static readonly MirrorRecord Both = new([Sample.Naa(0), Sample.Naa(1)], 10, IsClean: false);

    [Fact]
    public void NothingYet_TheWholeWayIsForetold_AndOnlyItsBeginIsDone()
    {
        HostPlan plan = Sample.Plan(Sample.Mirror(), new FoundVolume([Sample.NothingYet(0), Sample.NothingYet(1)], null, null, null, null));
        string[] texts = Sample.Texts(plan);
        Assert.StartsWith("write /etc/mdadm/mdadm.conf.d/", texts[0], StringComparison.Ordinal);
        Assert.Contains("iscsiadm -m node -T iqn.2026-11.io.example:unit-0 -p 10.0.0.1:3260 -o new", texts);
        Assert.Contains("iscsiadm -m node -T iqn.2026-11.io.example:unit-1 -p 10.0.0.2:3260 --login", texts);
        Assert.Contains(texts, text => text.StartsWith("mdadm --create", StringComparison.Ordinal) && text.Contains("--uuid=00112233:44556677:889900aa:bbccddee", StringComparison.Ordinal) && text.Contains("--bitmap=internal", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.StartsWith("mkfs.xfs", StringComparison.Ordinal));
        Assert.StartsWith("mount -t xfs", texts[^1], StringComparison.Ordinal);
        Assert.Equal([Layer.Guard], plan.Now(_ => false).Select(step => step.Layer).Distinct());
        Assert.All(plan.Steps.Where(step => step.Layer >= Layer.Assembly), step => Assert.True(step.IsForecast));
    }

    [Fact]
    public void Plan_NeverShowsASecret() =>
        Assert.DoesNotContain(Sample.Texts(Sample.Plan(Sample.Mirror(), new FoundVolume([Sample.NothingYet(0), Sample.NothingYet(1)], null, null, null, null))), text => text.Contains(Sample.Secret, StringComparison.Ordinal));

    // While sessions are being recovered nothing before the assembly is left to do; a forecast must not be taken for a step.
    [Fact]
    public void SessionsAreBeingRecovered_NothingIsDone()
    {
        FoundLeg[] legs = [new([Sample.Portal(0, SessionTimers.MirrorSeconds, isLoggedIn: false)], null), new([Sample.Portal(1, SessionTimers.MirrorSeconds, isLoggedIn: false)], null)];
        Assert.Empty(Sample.Plan(Sample.Mirror(), Sample.Found(legs)).Now(_ => false));
    }

    [Fact]
    public void BlankLegs_MirrorIsMade_WithoutAPromiseBefore()
    {
        HostPlan plan = Sample.Plan(Sample.Mirror(), Sample.Found([Sample.Leg(0, new DiskContent.Blank()), Sample.Leg(1, new DiskContent.Blank())]));
        Assert.StartsWith("mdadm --create", Assert.Single(plan.Now(_ => false)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void StaleLegAlone_IsNotAssembled()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both with { Current = [Sample.Naa(0)] } };
        HostPlan plan = Sample.Plan(record, Sample.Found([Sample.Leg(0, null, isHere: false), Sample.Leg(1, Sample.Copy(9))]));
        Assert.DoesNotContain(Sample.Texts(plan), text => text.Contains("mdadm", StringComparison.Ordinal) || text.Contains("mount", StringComparison.Ordinal));
        Assert.Contains(plan.Obstacles, obstacle => obstacle is { Layer: Layer.Assembly, NextAction: not null });
    }

    // A copy that failed is remembered as such before it may come back.
    [Fact]
    public void CopyFailed_IsRememberedFirst()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both, IsFormatted = true, FileSystemBytes = Sample.SizeBytes };
        FoundVolume found = Sample.Found([Sample.Leg(0, null, recoverySeconds: Alone), Sample.Leg(1, null)], Sample.Array(MemberState.InSync, MemberState.Faulty), isMounted: true);
        Step.Remember remembered = Assert.IsType<Step.Remember>(Assert.Single(Sample.Plan(record, found).Now(_ => false)));
        Assert.Equal([Sample.Naa(0)], remembered.Record.Mirror!.Current);
        Assert.Equal(["mdadm /dev/md127 --remove /dev/sdb"], Sample.Texts(Sample.Plan(remembered.Record, found)));
    }

    [Fact]
    public void CopyIsBack_IsReAdded()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both with { Current = [Sample.Naa(0)] }, FileSystemBytes = Sample.SizeBytes };
        FoundVolume found = Sample.Found([Sample.Leg(0, null, recoverySeconds: Alone), Sample.Leg(1, Sample.Copy(8))], Sample.Array(MemberState.InSync), isMounted: true);
        Assert.Equal(["mdadm /dev/md127 --re-add --failfast /dev/sdb || mdadm /dev/md127 --add --failfast /dev/sdb"], Sample.Texts(Sample.Plan(record, found)));
    }

    [Fact]
    public void SomethingElseIsBack_IsNotTouched()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both with { Current = [Sample.Naa(0)] }, FileSystemBytes = Sample.SizeBytes };
        FoundVolume found = Sample.Found([Sample.Leg(0, null, recoverySeconds: Alone), Sample.Leg(1, new DiskContent.FileSystem("ext4"))], Sample.Array(MemberState.InSync), isMounted: true);
        HostPlan plan = Sample.Plan(record, found);
        Assert.Empty(plan.Steps);
        Assert.Contains(plan.Obstacles, obstacle => obstacle.NextAction is not null);
    }

    // With one copy left there is nothing to fail over to: its session waits as that of a volume without a mirror does.
    [Fact]
    public void LastCopy_IsWaitedForLonger()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both with { Current = [Sample.Naa(0)] }, FileSystemBytes = Sample.SizeBytes };
        FoundVolume found = Sample.Found([Sample.Leg(0, null), Sample.Leg(1, null, isHere: false)], Sample.Array(MemberState.InSync), isMounted: true);
        Assert.Contains($"write /sys/class/iscsi_session/session0/recovery_tmo: {Alone}", Sample.Texts(Sample.Plan(record, found)));
    }

    [Fact]
    public void MirrorThatRunsFromAStaleCopy_IsStoppedWhenNobodyUsesIt()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both with { Current = [Sample.Naa(1)] } };
        FoundLeg[] legs = [Sample.Leg(0, null, recoverySeconds: Alone), Sample.Leg(1, null, isHere: false)];
        string[] unused = Sample.Texts(Sample.Plan(record, Sample.Found(legs, Sample.Array(MemberState.InSync), new DiskContent.FileSystem("xfs"))));
        Assert.Equal("mdadm --stop /dev/md127", unused[^1]);
        HostPlan used = Sample.Plan(record, Sample.Found(legs, Sample.Array(MemberState.InSync), isMounted: true));
        Assert.DoesNotContain(used.Steps, step => step is Step.Remember or { Layer: >= Layer.Assembly });
        Assert.Contains(used.Obstacles, obstacle => obstacle.NextAction is not null);
    }

    [Fact]
    public void FileSystem_IsMadeOnABlankDiskOnly()
    {
        VolumeRecord record = Sample.Single();
        FoundLeg[] legs = [Sample.Leg(0, null, recoverySeconds: Alone, sizeBytes: Sample.SizeBytes)];
        Assert.Equal(["mkfs.xfs -q -K /dev/sda"], [.. Sample.Plan(record, Sample.Found(legs, content: new DiskContent.Blank())).Now(_ => false).Select(step => step.ToString()!)]);
        foreach (DiskContent other in (DiskContent[])[new DiskContent.FileSystem("ext4"), new DiskContent.Foreign("gpt"), new DiskContent.Member(Guid.NewGuid(), 1)])
            AssertUntouched(record, Sample.Found(legs, content: other));
        AssertUntouched(record with { IsFormatted = true }, Sample.Found(legs, content: new DiskContent.Blank()));
    }

    [Fact]
    public void FileSystemIsThere_IsRememberedThenMounted()
    {
        VolumeRecord record = Sample.Single();
        FoundVolume found = Sample.Found([Sample.Leg(0, null, recoverySeconds: Alone, sizeBytes: Sample.SizeBytes)], content: new DiskContent.FileSystem("xfs"));
        Step.Remember remembered = Assert.IsType<Step.Remember>(Sample.Plan(record, found).Steps[0]);
        Assert.Equal(["mkdir -p /srv/db", "mount -t xfs /dev/sda /srv/db"], Sample.Texts(Sample.Plan(remembered.Record, found)));
    }

    [Fact]
    public void MountPointIsTaken_NothingIsMountedOverIt()
    {
        FoundVolume found = Sample.Found([Sample.Leg(0, null, recoverySeconds: Alone, sizeBytes: Sample.SizeBytes)], content: new DiskContent.FileSystem("xfs")) with { MountPointTakenBy = "/dev/sdz1" };
        Assert.Empty(Sample.Plan(Sample.Single() with { IsFormatted = true }, found).Steps);
    }

    [Fact]
    public void Stripe_IsAMapOfTheDeviceMapper()
    {
        FoundLeg[] legs = [Sample.Leg(0, null, recoverySeconds: Alone, sizeBytes: Sample.SizeBytes), Sample.Leg(1, null, recoverySeconds: Alone, sizeBytes: Sample.SizeBytes)];
        Assert.Contains("--table '0 262144 striped 2 512 /dev/sda 0 /dev/sdb 0'", Sample.Texts(Sample.Plan(Sample.Stripe(), Sample.Found(legs)))[0], StringComparison.Ordinal);
        Assert.Empty(Sample.Plan(Sample.Stripe(), Sample.Found([legs[0], Sample.Leg(1, null, isHere: false, recoverySeconds: Alone)])).Now(step => step.Layer == Layer.Disk));
    }

    [Fact]
    public void Grown_GoesFromLegsOverTheMirrorToTheFileSystem()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both, IsFormatted = true, FileSystemBytes = Sample.SizeBytes / 2 };
        record = record with { Connect = record.Connect with { Assembly = record.Connect.Assembly with { SizeBytes = Sample.SizeBytes } } };
        FoundArray half = Sample.Array(MemberState.InSync, MemberState.InSync) with { SizeBytes = Sample.SizeBytes / 2 };
        FoundLeg[] old = [Sample.Leg(0, null, sizeBytes: Sample.SizeBytes / 2), Sample.Leg(1, null)];
        Assert.Contains("--rescan", Assert.Single(Sample.Texts(Sample.Plan(record, Sample.Found(old, half, isMounted: true)))), StringComparison.Ordinal);
        FoundLeg[] grown = [Sample.Leg(0, null), Sample.Leg(1, null)];
        Assert.Equal(["mdadm --grow /dev/md127 --size=65536"], Sample.Texts(Sample.Plan(record, Sample.Found(grown, half, isMounted: true))));
        HostPlan last = Sample.Plan(record, Sample.Found(grown, Sample.Array(MemberState.InSync, MemberState.InSync), isMounted: true));
        Assert.Equal("xfs_growfs /srv/db", last.Steps[0].ToString());
        Assert.Equal(Sample.SizeBytes, Assert.IsType<Step.Remember>(last.Steps[1]).Record.FileSystemBytes);
    }

    // A mirror does not grow while one of its legs is away: that leg would come back too short.
    [Fact]
    public void Grown_WaitsForTheLegThatIsAway()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both with { Current = [Sample.Naa(0)] }, IsFormatted = true, FileSystemBytes = Sample.SizeBytes / 2 };
        FoundArray half = Sample.Array(MemberState.InSync) with { SizeBytes = Sample.SizeBytes / 2 };
        Assert.DoesNotContain(Sample.Texts(Sample.Plan(record, Sample.Found([Sample.Leg(0, null, recoverySeconds: Alone), Sample.Leg(1, null, isHere: false)], half, isMounted: true))), text => text.Contains("--grow", StringComparison.Ordinal));
    }

    [Fact]
    public void Detached_GoesDownLayerByLayer()
    {
        VolumeRecord record = Sample.Mirror() with { Mirror = Both, IsDetaching = true };
        FoundLeg[] legs = [Sample.Leg(0, null), Sample.Leg(1, null)];
        FoundArray array = Sample.Array(MemberState.InSync, MemberState.InSync);
        Assert.Equal(["umount /srv/db"], Sample.Texts(Sample.Plan(record, Sample.Found(legs, array, isMounted: true))));
        Assert.Equal(["mdadm --stop /dev/md127"], Sample.Texts(Sample.Plan(record, Sample.Found(legs, array))));
        Assert.All(Sample.Texts(Sample.Plan(record, Sample.Found(legs))), text => Assert.EndsWith("--logout", text, StringComparison.Ordinal));
        FoundLeg[] loggedOut = [.. legs.Select(leg => new FoundLeg([.. leg.Portals.Select(portal => portal with { Session = null })], null))];
        Assert.All(Sample.Texts(Sample.Plan(record, Sample.Found(loggedOut))), text => Assert.EndsWith("-o delete", text, StringComparison.Ordinal));
        FoundLeg[] gone = [.. loggedOut.Select(leg => new FoundLeg([.. leg.Portals.Select(portal => portal with { HasRecord = false })], null))];
        Assert.IsType<Step.Forget>(Sample.Plan(record, Sample.Found(gone)).Steps[^1]);
    }

    [Fact]
    public void Detached_LeavesSessionsThatAnotherVolumeNeeds()
    {
        VolumeRecord record = Sample.Single() with { IsDetaching = true }, other = Sample.Single() with { VolumeId = Guid.NewGuid(), Name = "other" };
        HostPlan plan = Planner.Plan(record, Sample.Found([Sample.Leg(0, null, recoverySeconds: Alone)]), [record, other]);
        Assert.Equal(["write /sys/block/sda/device/delete: 1"], Sample.Texts(plan));
    }

    [Fact]
    public void Timers_OfATargetAreThoseOfItsMostPatientVolume()
    {
        const string Target = "iqn.2026-11.io.example:unit-0";
        Assert.Equal(SessionTimers.MirrorSeconds, SessionTimers.Of(Target, [Sample.Mirror()]).RecoverySeconds);
        Assert.Equal(SessionTimers.MixedSeconds, SessionTimers.Of(Target, [Sample.Mirror(), Sample.Single()]).RecoverySeconds);
        Assert.Equal(SessionTimers.AloneSeconds, SessionTimers.Of(Target, [Sample.Single()]).RecoverySeconds);
        Assert.True(SessionTimers.MirrorStallSecondsMax <= 20);
    }

    private static void AssertUntouched(VolumeRecord record, FoundVolume found)
    {
        HostPlan plan = Sample.Plan(record, found);
        Assert.Empty(plan.Steps);
        Assert.Contains(plan.Obstacles, obstacle => obstacle is { Layer: Layer.FileSystem, NextAction: not null });
    }
}
