using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Tests.Simulation.World;
using VSan.UnitAgent;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>The configuration can be rebuilt from the units alone: what their stores say of the legs are exactly the station's volumes.</summary>
internal sealed class I8 : Invariant
{
    public override string? AtRest(SimWorld world, bool allUp)
    {
        if (!allUp) return null;
        string[] expected = world.Look(transaction => transaction.Table<Leg>().Page(null, int.MaxValue).Select(leg => Text(transaction, leg))
            .Concat(transaction.Table<SnapshotLeg>().Page(null, int.MaxValue).Select(copy => Text(transaction, copy))).Order().ToArray());
        string[] found = [.. world.Units.SelectMany(Descriptions).Order()];
        return expected.SequenceEqual(found) ? null : $"The stores tell of {string.Join(", ", found.Except(expected))}; the station has {string.Join(", ", expected.Except(found))}.";
    }

    private static string Text(IStationTransaction transaction, Leg leg)
    {
        Volume volume = transaction.Require<Volume>(leg.VolumeId, "volume");
        return $"{volume.Name} {volume.Id} {leg.SizeBytes} {volume.BlockSizeBytes} {volume.Thin} {leg.Id} {leg.StoreId} {leg.UnitId}";
    }

    private static string Text(IStationTransaction transaction, SnapshotLeg copy)
    {
        Snapshot snapshot = transaction.Require<Snapshot>(copy.SnapshotId, "snapshot");
        return $"snapshot {snapshot.Name} {copy.LegId} {copy.SizeBytes} {copy.Id} {copy.StoreId} {copy.UnitId}";
    }

    private static IEnumerable<string> Descriptions(SimUnit unit) =>
        from path in unit.Files.Paths
        where path.StartsWith("/store/", StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal)
        select Read(unit, path) into text
        where text is not null
        select text;

    private static string? Read(SimUnit unit, string path)
    {
        try
        {
            return DurableFile.Read(unit.Files, path, StateJson.Default.LegDescription) is { State: LegState.Created, Leg: { } leg } description
                ? description.Snapshot is { } copy ? $"snapshot {copy.Name} {copy.SourceLegId} {leg.SizeBytes} {leg.LegId} {leg.StoreId} {description.UnitId}"
                : $"{leg.VolumeName} {leg.VolumeId} {leg.SizeBytes} {leg.BlockSizeBytes} {leg.Thin} {leg.LegId} {leg.StoreId} {description.UnitId}"
                : null;
        }
        catch (UnitFailure damaged)
        {
            return damaged.Message;
        }
    }
}
