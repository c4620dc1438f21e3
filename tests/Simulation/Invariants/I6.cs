using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>No automatic action destroys what somebody may need: only images of volumes whose removal was asked for, or that were never made, go.</summary>
internal sealed class I6 : Invariant
{
    public override string? OnDeleted(SimWorld world, SimUnit unit, string path, SimFile file)
    {
        if (path == unit.Foreign) return $"{unit.Name} deletes a file that is not ours.";
        return world.Ledgers.Volumes.FirstOrDefault(volume => volume.LegIds.Any(leg => path.Contains(leg.ToString(), StringComparison.Ordinal))) is { Made: true, RemovalAsked: false } volume
            ? $"{unit.Name} deletes {volume.Name}, which nobody asked for."
            : null;
    }

    public override string? AtRest(SimWorld world, bool allUp) =>
        world.Units.FirstOrDefault(unit => unit.Files.Find(unit.Foreign) is null) is { } unit ? $"A file that is not ours is gone from {unit.Name}." : null;
}
