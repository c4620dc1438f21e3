using VSan.Contracts.BlockServer;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.BlockServer;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Reconcile;

/// <summary>
/// Takes the snapshots that a document names and that are not there yet, group by group. The block server holds the group's volumes and
/// copies them; a group that it made before is left as it is, so that each step may be cut off and begun again.
/// <code>
///   no description ──► creating ──► the block server makes COPY.img ──► created
///   created, no COPY.img ──► snapshot-missing: what the leg holds now is of another moment
/// </code>
/// </summary>
internal sealed class SnapshotFiles(Guid unitId, IStoreSet stores, IFiles files, IBlockServer blockServer)
{
    // The hold waits 5 s at most for what is under way; copying takes time by the extents of a file, some microseconds each.
    private static readonly TimeSpan GroupTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Makes what is missing.</summary>
    /// <param name="snapshots">All snapshots of the document.</param>
    /// <param name="images">Files of the legs that are served.</param>
    /// <param name="records">What is to be written beside the copies, by their identity.</param>
    /// <param name="cancellationToken">Ends the wait, not the making.</param>
    /// <returns>The snapshots that are there, and why the others are not.</returns>
    public async Task<(IReadOnlyList<SnapshotFact> Facts, IReadOnlyList<UnitCondition> Conditions)> EnsureAsync(
        IReadOnlyList<SnapshotSpec> snapshots, IReadOnlyDictionary<Guid, string> images, IReadOnlyDictionary<Guid, SignedLegRecord>? records, CancellationToken cancellationToken)
    {
        List<SnapshotFact> facts = [];
        List<UnitCondition> conditions = [];
        foreach (IGrouping<Guid, SnapshotSpec> group in snapshots.GroupBy(snapshot => snapshot.GroupId))
        {
            SnapshotSpec[] members = [.. group];
            try
            {
                if (!members.All(IsCreated)) await TakeAsync(members, images, records, cancellationToken);
                foreach (SnapshotSpec member in members) Look(member, facts, conditions);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
            {
                conditions.AddRange(members.Select(member => Condition("snapshot-failed", member, failure.Message)));
            }
        }

        return (facts, conditions);
    }

    private async Task TakeAsync(SnapshotSpec[] members, IReadOnlyDictionary<Guid, string> images, IReadOnlyDictionary<Guid, SignedLegRecord>? records, CancellationToken cancellationToken)
    {
        List<SnapshotRequest> requests = [];
        foreach (SnapshotSpec member in members)
        {
            if (!images.ContainsKey(member.SourceLegId)) throw new IOException($"leg {member.SourceLegId} is not served.");
            IStore store = RequireStore(member);
            if (!IsCreated(member)) Describe(store, member, LegState.Creating, records?.GetValueOrDefault(member.Leg.LegId));
            requests.Add(new SnapshotRequest(member.SourceLegId, store.ImagePath(member.Leg.LegId)));
        }

        ControlAnswer answer = await blockServer.AskAsync(new ControlRequest(ControlVerb.Snapshot, null) { Snapshots = requests }, GroupTimeout, cancellationToken);
        if (answer.Error is { } error) throw new IOException($"the block server: {error}");
        foreach (SnapshotSpec member in members) Describe(RequireStore(member), member, LegState.Created, records?.GetValueOrDefault(member.Leg.LegId));
    }

    // Nobody writes to a copy, so its file's time of change is the moment at which it was made.
    private void Look(SnapshotSpec member, List<SnapshotFact> facts, List<UnitCondition> conditions)
    {
        string image = RequireStore(member).ImagePath(member.Leg.LegId);
        if (files.Exists(image)) facts.Add(new SnapshotFact(member.Leg.LegId, files.ChangedAt(image), files.AllocatedBytes(image)));
        else conditions.Add(Condition("snapshot-missing", member, $"{image} is gone. Restore it from a copy, or delete the snapshot; it is never taken anew."));
    }

    private bool IsCreated(SnapshotSpec member) =>
        DurableFile.Read(files, RequireStore(member).DescriptionPath(member.Leg.LegId), StateJson.Default.LegDescription) is { State: LegState.Created } description
        && description.UnitId == unitId
        && description.Leg.LegId == member.Leg.LegId;

    private void Describe(IStore store, SnapshotSpec member, LegState state, SignedLegRecord? record) => DurableFile.Write(
        files,
        store.DescriptionPath(member.Leg.LegId),
        new LegDescription(state, unitId, member.Leg) { Snapshot = member, Record = record },
        StateJson.Default.LegDescription);

    private IStore RequireStore(SnapshotSpec member) =>
        stores.Find(member.Leg.StoreId) ?? throw new IOException($"store {member.Leg.StoreId} is not on this unit now. Mount it where it was.");

    private static UnitCondition Condition(string code, SnapshotSpec member, string reason) =>
        new(code, $"Snapshot {member.Name} of volume {member.Leg.VolumeName}: {reason}") { LegId = member.Leg.LegId };
}
