using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>
/// Any object can be deleted while any units are away: no removal waits for one, and when it comes back nothing is left of what was removed.
/// </summary>
internal sealed class I7 : Invariant
{
    public override string? AtRest(SimWorld world, bool allUp)
    {
        Operation[] open = world.Look(transaction => OperationQueue.All(transaction).ToArray());
        if (open.FirstOrDefault(operation => allUp || operation.Kind.EndsWith(".delete", StringComparison.Ordinal)) is { } stuck)
            return $"{stuck.Title} does not end: {stuck.State}, {stuck.Phase}.";
        return allUp ? world.Units.Select(unit => Leftover(world, unit)).FirstOrDefault(leftover => leftover is not null) : null;
    }

    private static string? Leftover(SimWorld world, SimUnit unit)
    {
        string[] expected = world.Look(transaction => transaction.Table<Leg>().Where(Lookups.LegUnit, unit.Id.ToString()).Select(leg => $"/store/{leg.Id:D}.img")
            .Concat(transaction.Table<SnapshotLeg>().Page(null, int.MaxValue).Where(copy => copy.UnitId == unit.Id).Select(copy => $"/store/{copy.Id:D}.img")).Append(unit.Foreign).Order().ToArray());
        string[] found = [.. unit.Files.Paths.Where(path => path.EndsWith(".img", StringComparison.Ordinal) || path.EndsWith(".img.new", StringComparison.Ordinal)).Order()];
        return expected.SequenceEqual(found) ? null : $"{unit.Name} keeps {found.Length - 1} images for {expected.Length - 1} legs.";
    }
}
