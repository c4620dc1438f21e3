using VSan.Contracts.UnitLink;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class SnapshotFilesTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Guid _unitId = Guid.NewGuid();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Push_GroupOfTwo_IsAskedForTogetherAndOnce()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec[] legs = [Leg(unit), Leg(unit)];
        SnapshotSpec[] snapshots = Group(legs);

        ConfigurationStatus status = await PushAsync(unit, 1, legs, snapshots);
        ConfigurationStatus again = await PushAsync(unit, 1, legs, snapshots);

        Assert.Empty(status.Conditions);
        Assert.Equal(snapshots.Select(snapshot => snapshot.Leg.LegId), status.Snapshots!.Select(fact => fact.LegId));
        Assert.Equal(status.Snapshots, again.Snapshots);
        Assert.Equal(2, Assert.Single(blockServer.Snapshots).Count);
        Assert.Equal(4, unit.Store.LegIds().Count);
        Assert.Equal(2, blockServer.Applied[^1].Volumes.Count);
    }

    /// <summary>The power fails between the copy and the note of it: the group is asked for again, and what is there stays.</summary>
    [Fact]
    public async Task Restart_CopiedButNotNoted_KeepsTheCopy()
    {
        await using ControlSocketServer blockServer = Serve();
        LegSpec leg;
        SnapshotSpec[] snapshots;
        ConfigurationStatus before;
        using (UnitUnderTest unit = Start())
        {
            leg = Leg(unit);
            snapshots = Group([leg]);
            before = await PushAsync(unit, 1, [leg], snapshots);
            string note = unit.Store.DescriptionPath(snapshots[0].Leg.LegId);
            await File.WriteAllTextAsync(note, (await File.ReadAllTextAsync(note)).Replace("\"created\"", "\"creating\"", StringComparison.Ordinal));
        }

        using UnitUnderTest restarted = Start();
        ConfigurationStatus after = await PushAsync(restarted, 1, [leg], snapshots);
        Assert.Equal(before.Snapshots, after.Snapshots);
        Assert.Equal(2, blockServer.Snapshots.Count);
    }

    [Fact]
    public async Task Copy_Vanished_IsMissingAndNeverTakenAnew()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec leg = Leg(unit);
        SnapshotSpec[] snapshots = Group([leg]);
        await PushAsync(unit, 1, [leg], snapshots);
        File.Delete(unit.Store.ImagePath(snapshots[0].Leg.LegId));

        ConfigurationStatus status = await PushAsync(unit, 2, [leg], snapshots);

        UnitCondition condition = Assert.Single(status.Conditions);
        Assert.Equal(("snapshot-missing", snapshots[0].Leg.LegId), (condition.Code, condition.LegId));
        Assert.Single(blockServer.Snapshots);
        Assert.Empty(status.Snapshots!);
    }

    [Fact]
    public async Task BlockServer_Refuses_IsAConditionOfEachMemberAndTriedAgain()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec[] legs = [Leg(unit), Leg(unit)];
        SnapshotSpec[] snapshots = Group(legs);
        blockServer.SnapshotError = "cannot share blocks";
        ConfigurationStatus status = await PushAsync(unit, 1, legs, snapshots);
        Assert.Equal(1, status.AppliedGeneration);
        Assert.Equal(snapshots.Select(snapshot => snapshot.Leg.LegId), status.Conditions.Select(condition => condition.LegId!.Value));

        blockServer.SnapshotError = null;
        await unit.Reconciler.PassAsync(CancellationToken.None);
        Assert.Empty(unit.Reconciler.State.Value.Status.Conditions);
    }

    [Fact]
    public async Task Push_SnapshotRemoved_DeletesItsFilesAndLeavesTheLeg()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec leg = Leg(unit);
        await PushAsync(unit, 1, [leg], Group([leg]));
        ConfigurationStatus status = await PushAsync(unit, 2, [leg], []);
        Assert.Empty(status.Conditions);
        Assert.Equal([leg.LegId], unit.Store.LegIds());
    }

    [Fact]
    public async Task Leg_WhoseOriginIsNoSnapshot_IsNotMadeEmpty()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec leg = Leg(unit);
        LegSpec clone = Leg(unit) with { OriginId = leg.LegId };
        ConfigurationStatus status = await PushAsync(unit, 1, [leg, clone], []);
        UnitCondition condition = Assert.Single(status.Conditions);
        Assert.Equal(("apply-failed", clone.LegId), (condition.Code, condition.LegId));
        Assert.Equal([leg.LegId], unit.Store.LegIds());
    }

    [Fact]
    public async Task Push_SnapshotOfAnUnknownLeg_IsMalformed()
    {
        using UnitUnderTest unit = Start();
        LegSpec leg = Leg(unit);
        UnitConfiguration document = Documents.Push(_unitId, 1, leg).Configuration with { Snapshots = Group([Leg(unit)]) };
        (VSan.UnitAgent.Configuration.Verdict verdict, _) = await unit.Reconciler.PushAsync(Documents.Push(_unitId, 1, leg) with { Configuration = document }, CancellationToken.None);
        Assert.IsType<VSan.UnitAgent.Configuration.Verdict.Malformed>(verdict);
    }

    private static LegSpec Leg(UnitUnderTest unit) => Documents.Leg(Guid.NewGuid(), unit.Store.Id);

    private static SnapshotSpec[] Group(LegSpec[] legs)
    {
        Guid group = Guid.NewGuid();
        return [.. legs.Select(leg => new SnapshotSpec(group, leg.LegId, "s", Documents.Leg(Guid.NewGuid(), leg.StoreId)))];
    }

    private async Task<ConfigurationStatus> PushAsync(UnitUnderTest unit, long generation, LegSpec[] legs, SnapshotSpec[] snapshots)
    {
        ConfigurationPush push = Documents.Push(_unitId, generation, legs);
        return (await unit.Reconciler.PushAsync(push with { Configuration = push.Configuration with { Snapshots = snapshots } }, CancellationToken.None)).Status;
    }

    private ControlSocketServer Serve() => new(UnitUnderTest.SocketPath(_root.Path));

    private UnitUnderTest Start() => new(_root.Path, _unitId);
}
