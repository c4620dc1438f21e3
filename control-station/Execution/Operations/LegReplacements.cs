using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What replacements of legs have in common, inside a transaction.</summary>
internal static class LegReplacements
{
    /// <summary>Hosts are asked for nothing: their agents look for what is wanted, and tell what they found.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>The replacement that goes on at a volume, or null.</summary>
    public static LegReplacement? ReplacementOf(this IStationTransaction transaction, Guid volumeId) =>
        transaction.Table<LegReplacement>().Where(Lookups.LegReplacementVolume, volumeId.ToString()) is [var replacement, ..] ? replacement : null;

    /// <summary>The replacement that a leg has a part in, or null.</summary>
    public static LegReplacement? ReplacementBy(this IStationTransaction transaction, Guid legId) =>
        transaction.Table<LegReplacement>().Find(legId) ?? (transaction.Table<LegReplacement>().Where(Lookups.LegReplacementOutgoing, legId.ToString()) is [var replacement, ..] ? replacement : null);

    /// <summary>Legs that their units are to delete although they have a record still.</summary>
    public static HashSet<Guid> Removed(IStationTransaction transaction) =>
        [.. transaction.Table<LegReplacement>().Page(after: null, int.MaxValue).Where(one => one.State == LegReplacementState.Removing).Select(one => one.PassingId)];

    /// <summary>The leg that a mapping's host is to take in, with what the host sees of it; null when there is none.</summary>
    public static (Leg Leg, MappedLeg Mapped)? IncomingOf(IStationTransaction transaction, Mapping mapping)
    {
        if (transaction.ReplacementOf(mapping.VolumeId) is not { State: LegReplacementState.Joining } replacement) return null;
        MappedLeg? mapped = transaction.Table<MappedLeg>().Where(Lookups.MappedLegMapping, mapping.Id.ToString()).FirstOrDefault(one => one.LegId == replacement.Id);
        return mapped is not null && transaction.Table<Leg>().Find(replacement.Id) is { } leg ? (leg, mapped) : null;
    }

    /// <summary>The host that uses a volume; null when it was taken from it, or is being taken.</summary>
    public static Host? UserOf(IStationTransaction transaction, Guid volumeId) =>
        transaction.Table<Mapping>().Where(Lookups.MappingVolume, volumeId.ToString()) is [{ State: not MappingState.Removing } mapping] ? transaction.Table<Host>().Find(mapping.HostId) : null;

    /// <summary>Null when the host has let a leg go, by its own word or because the volume was taken from it; otherwise what is waited for.</summary>
    public static StepOutcome? AwaitPartingHost(IStationTransaction transaction, LegReplacement replacement)
    {
        if (UserOf(transaction, replacement.VolumeId) is not { } host) return null;
        return HostReports.LegOf(HostReports.Of(transaction, host.Id, replacement.VolumeId), replacement.PassingId) is null
            ? null
            : new StepOutcome.Waiting($"waiting for {host.Name} to let go of the leg on {UnitNameOf(transaction, replacement.PassingId)}; if that host is gone for good, unmap the volume from it", LookAgain: LookAgain);
    }

    /// <summary>The leg that goes is wanted on its unit no more.</summary>
    /// <returns>The memo of the unit that has to follow.</returns>
    public static string BeginRemoval(IStationTransaction transaction, LegReplacement replacement)
    {
        transaction.Table<LegReplacement>().Update(replacement with { State = LegReplacementState.Removing });
        return UnitFollowing.Raise(transaction, transaction.Table<Leg>().Find(replacement.PassingId) is { } leg ? [leg.UnitId] : []);
    }

    /// <summary>Forgets the leg that goes: its space and its number are free when its unit is rid of it, now or when it is back.</summary>
    public static void End(IStationTransaction transaction, DateTimeOffset now, LegReplacement replacement, UnitFollowing units, string? memo)
    {
        transaction.Table<LegReplacement>().Delete(replacement.Id);
        if (transaction.Table<Leg>().Find(replacement.PassingId) is not { } leg) return;
        bool isRidOfIt = units.Serves(leg.UnitId, memo);
        foreach (MappedLeg mapped in transaction.Table<MappedLeg>().Where(Lookups.MappedLegUnit, leg.UnitId.ToString()).Where(mapped => mapped.LegId == leg.Id).ToArray())
        {
            transaction.Table<LunTombstone>().Insert(new LunTombstone(transaction.NewId(now), mapped.HostId, mapped.UnitId, mapped.Lun, isRidOfIt ? now : LunTombstone.StillServed));
            transaction.Table<MappedLeg>().Delete(mapped.Id);
        }

        if (!isRidOfIt)
        {
            transaction.BuryLeg(leg, UnitFollowing.GenerationOf(leg.UnitId, memo));
            return;
        }

        Domain.Store store = transaction.Require<Domain.Store>(leg.StoreId, "store");
        transaction.Table<Leg>().Delete(leg.Id);
        transaction.Table<Domain.Store>().Update(store with { PromisedBytes = store.PromisedBytes - leg.SizeBytes });
    }

    /// <summary>The name of the unit that a leg lies on, for a person.</summary>
    public static string UnitNameOf(IStationTransaction transaction, Guid legId) =>
        transaction.Table<Leg>().Find(legId) is { } leg && transaction.Table<Domain.Unit>().Find(leg.UnitId) is { } unit ? unit.Name : "a unit that was forgotten";

    /// <summary>The replacements of legs on a unit that is forgotten are over: what is left is the volume's.</summary>
    public static void Forget(IStationTransaction transaction, IEnumerable<Leg> legs)
    {
        foreach (LegReplacement replacement in legs.Select(leg => transaction.ReplacementBy(leg.Id)).OfType<LegReplacement>().ToArray()) transaction.Table<LegReplacement>().Delete(replacement.Id);
    }
}
