namespace VSan.Scsi.Reservations;

/// <summary>What may be asked of the reservations of a logical unit.</summary>
internal enum ReservationAction
{
    Register,
    Reserve,
    Release,
    Clear,
    Preempt,
    PreemptAndAbort,
    RegisterAndIgnoreExistingKey,
    RegisterAndMove,

    /// <summary>RESERVE (6).</summary>
    ReserveUnit,

    /// <summary>RELEASE (6).</summary>
    ReleaseUnit,

    /// <summary>The nexus was lost: what RESERVE (6) gave it is free, what is persistent stays.</summary>
    LoseNexus,

    /// <summary>A reset: what RESERVE (6) gave to anybody is free.</summary>
    Reset,
}

/// <summary>One change that is asked for; its parameters are well formed.</summary>
/// <param name="Action">What.</param>
/// <param name="Nexus">Who asks.</param>
internal sealed record ReservationRequest(ReservationAction Action, NexusIdentity Nexus)
{
    /// <summary>Stands for nobody, with <see cref="ReservationAction.Reset"/>.</summary>
    public static readonly NexusIdentity Nobody = new(string.Empty, 0, string.Empty, 0);

    /// <summary>TYPE.</summary>
    public ReservationType Type { get; init; }

    /// <summary>RESERVATION KEY.</summary>
    public ulong Key { get; init; }

    /// <summary>SERVICE ACTION RESERVATION KEY.</summary>
    public ulong ServiceActionKey { get; init; }

    /// <summary>ALL_TG_PT.</summary>
    public bool AllTargetPorts { get; init; }

    /// <summary>APTPL.</summary>
    public bool Persist { get; init; }

    /// <summary>UNREG: a mover gives up its own registration.</summary>
    public bool Unregister { get; init; }

    /// <summary>SPEC_I_PT was set, so that <see cref="Others"/> counts, even empty.</summary>
    public bool NamesOthers { get; init; }

    /// <summary>The nexuses of a list of TransportIDs; with REGISTER AND MOVE the one that is moved to.</summary>
    public IReadOnlyList<NexusIdentity> Others { get; init; } = [];
}

/// <summary>How a request ended.</summary>
/// <param name="State">The state from now on; the same object when nothing changed.</param>
/// <param name="Status">GOOD, RESERVATION CONFLICT, or CHECK CONDITION with <paramref name="Sense"/>.</param>
/// <param name="Sense">Why not.</param>
internal sealed record ReservationOutcome(ReservationState State, ScsiStatus Status, Sense Sense)
{
    /// <summary>Whom to tell what.</summary>
    public IReadOnlyList<Telling> Attentions { get; init; } = [];

    /// <summary>With PREEMPT AND ABORT: whose commands are to end before the answer.</summary>
    public IReadOnlyList<Registration> Preempted { get; init; } = [];
}
