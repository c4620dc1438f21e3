using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Configuration;

/// <summary>The last document that this unit accepted, and what it still has to clear away because of it.</summary>
/// <param name="Document">What is to be served.</param>
/// <param name="Removals">Legs that an earlier document named and this one does not: their files are deleted once the block server has let go.</param>
internal sealed record AcceptedConfiguration(UnitConfiguration Document, IReadOnlyList<LegRemoval> Removals)
{
    /// <summary>Shares that an earlier document named and this one does not.</summary>
    public IReadOnlyList<LegRemoval> ShareRemovals { get; init; } = [];

    /// <summary>What is to be written beside the legs before they are served, by leg; null when the station said nothing.</summary>
    public IReadOnlyDictionary<Guid, SignedLegRecord>? Records { get; init; }

    /// <summary>The greatest lock epoch of an accepted push.</summary>
    public long LockEpoch { get; init; }

    /// <summary>What this unit does with the legs that it knows of; what is not here is idle.</summary>
    public Dictionary<Guid, LegUse> Uses()
    {
        Dictionary<Guid, LegUse> uses = [];
        foreach (LegSpec leg in Document.AllLegs()) uses[leg.LegId] = LegUse.Wanted;
        foreach (KeptLeg leg in Document.KeptLegs ?? []) _ = uses.TryAdd(leg.LegId, LegUse.Kept);
        foreach (LegRemoval removal in Removals) _ = uses.TryAdd(removal.LegId, LegUse.Leaving);
        return uses;
    }
}

/// <summary>A leg, snapshot or share that is to go.</summary>
internal sealed record LegRemoval(Guid StoreId, Guid LegId);

/// <summary>What a document has files for.</summary>
internal static class DocumentLegs
{
    /// <summary>Its legs and the copies that are its snapshots.</summary>
    public static IEnumerable<LegSpec> AllLegs(this UnitConfiguration document) => document.Legs.Concat(document.Snapshots.Select(snapshot => snapshot.Leg));
}
