namespace VSan.Station.Domain;

/// <summary>
/// A leg of a mirror that its host exchanges for another while it writes: the incoming one has the outgoing one's place, and one of the two
/// counts as the volume's leg at any time.
/// <code>
///   Joining ──host has brought it up to date──► Leaving (the outgoing one) ──host has let it go──► Removing ──► gone
///      └──cancelled or failed──► Leaving (the incoming one) ──host has let it go──► Removing ──► gone
/// </code>
/// </summary>
/// <param name="Id">The incoming leg.</param>
/// <param name="VolumeId">Its volume.</param>
/// <param name="OutgoingId">The leg whose place it takes.</param>
/// <param name="State">Where it stands.</param>
public sealed record LegReplacement(Guid Id, Guid VolumeId, Guid OutgoingId, LegReplacementState State) : Entity(Id)
{
    /// <summary>The leg that goes; null while that is not decided.</summary>
    public Guid? LeavingId { get; init; }

    /// <summary>Which of both is not the volume's leg now.</summary>
    public Guid PassingId => LeavingId ?? Id;

    /// <summary>True when a leg of it is configured on its unit no more.</summary>
    public bool Removes(Guid legId) => State == LegReplacementState.Removing && LeavingId == legId;
}

/// <summary>Where the replacement of a leg stands.</summary>
public enum LegReplacementState
{
    /// <summary>The host has both, and brings the incoming one up to date.</summary>
    Joining,

    /// <summary>The host is told of one alone and lets the other go.</summary>
    Leaving,

    /// <summary>The host has let it go; its unit is to delete it.</summary>
    Removing,
}
