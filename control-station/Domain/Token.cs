using System.Collections.ObjectModel;

namespace VSan.Station.Domain;

/// <summary>An enrolment token without its secret.</summary>
/// <param name="Id">Row identity.</param>
/// <param name="Code">The id that people and members see; unique.</param>
/// <param name="ProofKey">Derived from the secret; verifies proofs, cannot be turned back.</param>
/// <param name="AutoApprove">Admits at once.</param>
/// <param name="UsesMax">How many members it admits.</param>
/// <param name="UsesLeft">How many it still admits.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">After this it admits nobody.</param>
/// <param name="CreatedBy">Who made it.</param>
public sealed record Token(
    Guid Id,
    string Code,
    byte[] ProofKey,
    bool AutoApprove,
    int UsesMax,
    int UsesLeft,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    string CreatedBy) : Entity(Id)
{
    /// <summary>It admits hosts, and no units.</summary>
    public bool ForHosts { get; init; }

    /// <summary>The one host that it admits; null for any.</summary>
    public Guid? HostId { get; init; }

    /// <summary>What the members that it admits are labelled with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
