using VSan.Station.Domain;
using Api = VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Stored snapshots as the API shows them.</summary>
internal static class SnapshotViews
{
    /// <summary>A snapshot.</summary>
    public static Api.Snapshot Of(IStationTransaction transaction, Snapshot snapshot)
    {
        IReadOnlyList<SnapshotLeg> legs = SnapshotPlan.Legs(transaction, snapshot.Id);
        Volume volume = transaction.Require<Volume>(snapshot.VolumeId, "volume");
        return new Api.Snapshot(
            snapshot.Id, snapshot.Name, volume.Id, volume.Name, snapshot.GroupId, legs.Sum(leg => leg.SizeBytes), legs.Sum(leg => leg.PromisedBytes),
            State(snapshot.State), snapshot.ScheduleId, snapshot.CreatedAt, snapshot.TakenAt);
    }

    private static Api.SnapshotState State(SnapshotState state) => state switch
    {
        SnapshotState.Creating => Api.SnapshotState.Creating,
        SnapshotState.Ready => Api.SnapshotState.Ready,
        SnapshotState.Deleting => Api.SnapshotState.Deleting,
    };
}
