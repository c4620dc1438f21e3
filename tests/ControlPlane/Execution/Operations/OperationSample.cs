using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Execution.Steps;

namespace VSan.Tests.ControlPlane.Execution.Operations;

/// <summary>One request of one kind of operation, so that every kind is failed, repeated and killed at each step. A new kind needs a sample here.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="PrepareAsync">Makes what the request needs.</param>
/// <param name="AskAsync">Asks, with the same key each time, and returns the operation.</param>
/// <param name="Done">What <see cref="SampleWorld.LookAsync"/> sees when it has ended well.</param>
internal sealed record OperationSample(string Kind, Func<SampleWorld, Task> PrepareAsync, Func<SampleWorld, Task<Guid>> AskAsync, string Done)
{
    /// <summary>The steps that are failed for good; null for all. Those of operations that it starts have samples of their own.</summary>
    public IReadOnlyList<string>? OwnSteps { get; init; }

    private const string NoShares = "shares  served 0 let in 0";
    private const string Nothing = "promised 0\nvolumes \nmappings \nsnapshots \nserved legs 0 luns 0 snapshots 0 disks 0\n" + NoShares;
    private const string Volume = "promised 1073741824\nvolumes v:Ready\nmappings \nsnapshots \nserved legs 1 luns 0 snapshots 0 disks 0\n" + NoShares;
    private const string Mapped = "promised 1073741824\nvolumes v:Ready\nmappings v:Active\nsnapshots \nserved legs 1 luns 1 snapshots 0 disks 0\n" + NoShares;
    private const string Snapshotted = "promised 1078984704\nvolumes v:Ready\nmappings \nsnapshots s:Ready\nserved legs 1 luns 0 snapshots 1 disks 0\n" + NoShares;

    private const string Moved = "promised 1073741824\nvolumes v:Ready\nmappings \nsnapshots \nserved legs 0 luns 0 snapshots 0 disks 0\nother legs 1 copies 0\n" + NoShares;

    private const string Replaced = "promised 2155872256\nvolumes v:Ready\nmappings v:Active\nsnapshots \nserved legs 0 luns 0 snapshots 0 disks 0\nother legs 1 copies 0\nthird legs 1 luns 1\n" + NoShares;

    private const string Claimed = "promised 0\nvolumes \nmappings \nsnapshots \nserved legs 0 luns 0 snapshots 0 disks 1\n" + NoShares;

    private const string Empty = "promised 1073741824\nvolumes \nmappings \nsnapshots \nserved legs 0 luns 0 snapshots 0 disks 0\n";
    private const string Shared = Empty + "shares f:Ready:certificate of f: served 1 let in 0";
    private const string Bound = Empty + "shares f:Ready:certificate of f:h:Active served 1 let in 1";

    /// <summary>All samples.</summary>
    public static IReadOnlyList<OperationSample> All { get; } =
    [
        new(
            OperationCatalog.VolumeCreate,
            _ => Task.CompletedTask,
            async world => (await world.Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", SampleWorld.VolumeBytes, null, null, world.HostId, null), "key", default)).Operation.Id,
            Mapped),
        new(
            OperationCatalog.VolumeDelete,
            world => world.MakeVolumeAsync(mapped: false),
            async world => (await world.Services.Volumes.DeleteAsync(SimulatedStation.Admin, world.VolumeId, default)).Id,
            Nothing),
        new(
            OperationCatalog.VolumeExpand,
            world => world.MakeVolumeAsync(mapped: true),
            async world => (await world.Services.Volumes.ExpandAsync(SimulatedStation.Admin, world.VolumeId, new VolumeExpand(2 * SampleWorld.VolumeBytes), default)).Id,
            Mapped.Replace("1073741824", "2147483648", StringComparison.Ordinal)),
        new(
            OperationCatalog.VolumeMove,
            async world =>
            {
                await world.MakeVolumeAsync(mapped: false);
                await world.JoinOtherAsync();
            },
            async world => (await world.Services.Moves.MoveAsync(SimulatedStation.Admin, world.VolumeId, new VolumeMove(null, world.OtherUnitId), default)).Id,
            Moved),
        new(
            OperationCatalog.VolumeReplaceLeg,
            world => world.MakeMirrorInUseAsync(),
            async world => (await world.Services.Moves.MoveAsync(SimulatedStation.Admin, world.VolumeId, new VolumeMove(world.LegIndex, world.ThirdUnitId), default)).Id,
            Replaced),
        new(
            OperationCatalog.MappingCreate,
            world => world.MakeVolumeAsync(mapped: false),
            async world => (await world.Services.Mappings.CreateAsync(SimulatedStation.Admin, new MappingCreate(world.VolumeId, world.HostId, null), "key", default)).Operation.Id,
            Mapped),
        new(
            OperationCatalog.MappingDelete,
            world => world.MakeVolumeAsync(mapped: true),
            async world => (await world.Services.Mappings.DeleteAsync(SimulatedStation.Admin, world.MappingId, default)).Id,
            Volume),
        new(
            OperationCatalog.SnapshotCreate,
            world => world.MakeVolumeAsync(mapped: false),
            async world => (await world.Services.Snapshots.CreateAsync(SimulatedStation.Admin, new SnapshotGroupCreate("s", [world.VolumeId]), "key", default)).Operation.Id,
            Snapshotted),
        new(
            OperationCatalog.SnapshotDelete,
            async world =>
            {
                await world.MakeVolumeAsync(mapped: false);
                await world.TakeSnapshotAsync();
            },
            async world => (await world.Services.Snapshots.DeleteAsync(SimulatedStation.Admin, world.SnapshotId, default)).Id,
            Volume),
        new(
            OperationCatalog.DiskClaim,
            _ => Task.CompletedTask,
            async world => (await world.ClaimDiskAsync("key")).Operations[0].Id,
            Claimed),
        new(
            OperationCatalog.ShareCreate,
            _ => Task.CompletedTask,
            async world => (await world.Services.Shares.CreateAsync(SimulatedStation.Admin, new ShareCreate("f", SampleWorld.VolumeBytes), "key", default)).Operation.Id,
            Shared),
        new(
            OperationCatalog.ShareBind,
            world => world.MakeShareAsync(bound: false),
            async world => (await world.Services.Shares.BindAsync(SimulatedStation.Admin, world.ShareId, new ShareBind(world.HostId, null), "key", default)).Operation.Id,
            Bound),
        new(
            OperationCatalog.ShareRelease,
            world => world.MakeShareAsync(bound: true),
            async world => (await world.Services.Shares.ReleaseAsync(SimulatedStation.Admin, world.ShareId, new ShareRelease(world.BindingId), default)).Id,
            Shared),
        new(
            OperationCatalog.ShareDelete,
            world => world.MakeShareAsync(bound: false),
            async world => (await world.Services.Shares.DeleteAsync(SimulatedStation.Admin, world.ShareId, default)).Id,
            Nothing),
        new(
            OperationCatalog.UnitDrain,
            async world =>
            {
                await world.MakeVolumeAsync(mapped: false);
                await world.JoinOtherAsync();
            },
            async world => (await world.Services.Units.DrainAsync(SimulatedStation.Admin, world.UnitId, default)).Id,
            Moved)
        {
            OwnSteps = [BeginDrain.Kind, EmptyUnit.Kind],
        },
        new(
            OperationCatalog.UnitUpdate,
            world => world.Services.Images.AddAsync(SimulatedStation.Admin, SampleWorld.NewVersion, new string('d', 64), 1 << 20, "test", default),
            async world => (await world.Services.Updates.UpdateAsync(SimulatedStation.Admin, world.UnitId, new UnitUpdateRequest(SampleWorld.NewVersion), default)).Id,
            Nothing),
    ];

    /// <summary>The sample of a kind.</summary>
    public static OperationSample Of(string kind) => All.Single(sample => sample.Kind == kind);
}
