using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>Every mutation is idempotent: after any repetition there is each volume once, each operation once, and each byte is promised once.</summary>
internal sealed class I4 : Invariant
{
    public override string? AtRest(SimWorld world, bool allUp) => world.Ledgers.Volumes.Any(volume => volume.Made)
        ? world.Look(transaction => Look(world, transaction, allUp))
        : "Nobody was given a volume, so that the run says nothing.";

    private static string? Look(SimWorld world, IStationTransaction transaction, bool allUp)
    {
        string[] expected = [.. world.Ledgers.Volumes.Where(volume => volume is { Made: true, RemovalAsked: false }).Select(volume => $"{volume.Name}/{volume.SizeBytes}").Order()];
        string[] found = [.. transaction.Table<Volume>().Page(null, int.MaxValue).Where(volume => allUp || volume.State == VolumeState.Ready).Select(volume => $"{volume.Name}/{volume.SizeBytes}").Order()];
        if (allUp && !expected.SequenceEqual(found)) return $"There should be volumes {string.Join(' ', expected)}; there are {string.Join(' ', found)}.";
        foreach (Station.Domain.Store store in transaction.Table<Station.Domain.Store>().Page(null, int.MaxValue))
        {
            long legs = transaction.Table<Leg>().Page(null, int.MaxValue).Where(leg => leg.StoreId == store.Id).Sum(leg => leg.SizeBytes);
            legs += transaction.Table<SnapshotLeg>().Page(null, int.MaxValue).Where(copy => copy.StoreId == store.Id).Sum(copy => copy.PromisedBytes);
            if (allUp && legs != store.PromisedBytes) return $"A store promises {store.PromisedBytes} bytes to legs of {legs}.";
        }

        return transaction.Table<Operation>().Page(null, int.MaxValue).Where(operation => operation.Kind != OperationCatalog.VolumeExpand).GroupBy(operation => (operation.Kind, operation.SubjectId)).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? $"{twice.First().Title} was begun {twice.Count()} times."
            : null;
    }
}
