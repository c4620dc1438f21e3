using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>No automatic action destroys what somebody may need: only images that nobody is served, of volumes whose removal was asked for, or that were never made, go.</summary>
internal sealed class I6 : Invariant
{
    public override string? OnDeleted(SimWorld world, SimUnit unit, string path, SimFile file)
    {
        if (path == unit.Foreign) return $"{unit.Name} deletes a file that is not ours.";
        if (unit.BlockServer.Served?.Volumes.Any(volume => volume.Path == path) == true) return $"{unit.Name} deletes an image that its block server serves.";
        if (world.Ledgers.Volumes.SelectMany(volume => volume.Snapshots).Where(snapshot => !snapshot.RemovalAsked).Any(snapshot => path.Contains(CopyOf(world, snapshot), StringComparison.Ordinal)))
            return $"{unit.Name} deletes a snapshot, which nobody asked for.";
        return world.Ledgers.Volumes.FirstOrDefault(volume => volume.LegIds.Any(leg => path.Contains(leg.ToString(), StringComparison.Ordinal))) is { Made: true, RemovalAsked: false } volume
            ? $"{unit.Name} deletes {volume.Name}, which nobody asked for."
            : null;
    }

    private static string CopyOf(SimWorld world, SnapshotLedger snapshot) =>
        world.Look(transaction => transaction.Table<SnapshotLeg>().Where(Lookups.SnapshotLegSnapshot, snapshot.Id.ToString()) is [var copy] ? copy.Id.ToString() : "gone");

    public override string? AtRest(SimWorld world, bool allUp) =>
        world.Units.FirstOrDefault(unit => unit.Files.Find(unit.Foreign) is null) is { } unit ? $"A file that is not ours is gone from {unit.Name}." : null;
}
