using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What moves of legs have in common, inside a transaction.</summary>
internal static class LegMoves
{
    /// <summary>Both units of a move, as far as they are known yet.</summary>
    public static IEnumerable<Guid> UnitsOf(IStationTransaction transaction, LegMove move) =>
        new[] { move.FromUnitId, move.ToUnitId }.Where(id => transaction.Table<Unit>().Find(id) is not null);

    /// <summary>Ends a move: the store that does not keep the leg promises its space no more, at once or when its unit is back and rid of it.</summary>
    public static void GiveBack(IStationTransaction transaction, LegMove move, Guid unitId, Guid storeId, bool isRidOfIt, string? memo)
    {
        transaction.Table<LegMove>().Delete(move.Id);
        if (transaction.Table<Domain.Store>().Find(storeId) is not { } store) return;
        if (isRidOfIt) transaction.Table<Domain.Store>().Update(store with { PromisedBytes = store.PromisedBytes - move.SizeBytes });
        else transaction.Table<Leftover>().Insert(new Leftover(move.Id, unitId, storeId, move.SizeBytes, UnitFollowing.GenerationOf(unitId, memo)));
    }

    /// <summary>Refuses what cannot be while a leg of a volume is on its way.</summary>
    public static void RequireNone(IStationTransaction transaction, Volume volume)
    {
        if (transaction.Table<LegMove>().CountWhere(Lookups.LegMoveVolume, volume.Id.ToString()) > 0)
            throw new ProblemException("volume-busy", $"A leg of {volume.Name} is being moved to another unit.", "Await or cancel the operation that moves it.");
        if (transaction.ReplacementOf(volume.Id) is not null)
            throw new ProblemException("volume-busy", $"A leg of {volume.Name} is being replaced on another unit.", "Await or cancel the operation that replaces it.");
    }
}
