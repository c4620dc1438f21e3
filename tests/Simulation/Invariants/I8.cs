using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Tests.Simulation.World;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>The configuration can be rebuilt from the units alone: what their stores say of the legs are exactly the station's volumes.</summary>
internal sealed class I8 : Invariant
{
    public override string? AtRest(SimWorld world, bool allUp)
    {
        if (!allUp) return null;
        string[] expected = world.Look(transaction => transaction.Table<Leg>().Page(null, int.MaxValue).Select(leg => Text(transaction, leg)).Order().ToArray());
        string[] found = [.. world.Units.SelectMany(Descriptions).Order()];
        return expected.SequenceEqual(found) ? null : $"The stores tell of {string.Join(", ", found.Except(expected))}; the station has {string.Join(", ", expected.Except(found))}.";
    }

    private static string Text(IStationTransaction transaction, Leg leg)
    {
        Volume volume = transaction.Require<Volume>(leg.VolumeId, "volume");
        return $"{volume.Name} {volume.Id} {leg.SizeBytes} {volume.BlockSizeBytes} {volume.Thin} {leg.Id} {leg.StoreId} {leg.UnitId}";
    }

    private static IEnumerable<string> Descriptions(SimUnit unit) =>
        from path in unit.Files.Paths
        where path.StartsWith("/store/", StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal)
        let description = DurableFile.Read(unit.Files, path, StateJson.Default.LegDescription)
        where description.State == LegState.Created
        let leg = description.Leg
        select $"{leg.VolumeName} {leg.VolumeId} {leg.SizeBytes} {leg.BlockSizeBytes} {leg.Thin} {leg.LegId} {leg.StoreId} {description.UnitId}";
}
