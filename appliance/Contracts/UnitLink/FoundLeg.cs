using System.Text.Json.Serialization;

namespace VSan.Contracts.UnitLink;

/// <summary>A file on one of a unit's stores that looks like a leg: <c>GET /link/v1/legs</c>.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="LegId">The leg, by the file's name.</param>
/// <param name="Use">What the unit does with it.</param>
/// <param name="LengthBytes">Length of the file.</param>
/// <param name="AllocatedBytes">What it takes on its store; blocks that it shares with snapshots count in full.</param>
/// <param name="IsOurs">True: this unit made it, by its description, and would delete it when it is told to.</param>
/// <param name="Record">What the station once said of it; null when it has no description or one without it.</param>
public sealed record FoundLeg(Guid StoreId, Guid LegId, LegUse Use, long LengthBytes, long AllocatedBytes, bool IsOurs, SignedLegRecord? Record);

/// <summary>One page of them, in order of their identities.</summary>
/// <param name="Items">The legs.</param>
/// <param name="More">True: there are others behind the last one.</param>
/// <param name="Generation">The generation of the document that the unit has accepted; 0 for none.</param>
public sealed record FoundLegPage(IReadOnlyList<FoundLeg> Items, bool More, long Generation);

/// <summary>What a unit does with a leg's file.</summary>
[JsonConverter(typeof(WireEnumConverter<LegUse>))]
public enum LegUse
{
    /// <summary>The accepted document has it: a leg, or a snapshot of one.</summary>
    Wanted,

    /// <summary>The accepted document keeps it, unserved.</summary>
    Kept,

    /// <summary>It is being deleted.</summary>
    Leaving,

    /// <summary>The accepted document says nothing of it: it is neither served nor deleted.</summary>
    Idle,
}
