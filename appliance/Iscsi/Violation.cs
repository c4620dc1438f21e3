using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>How far a peer's mistake reaches.</summary>
internal enum ViolationScope
{
    /// <summary>The PDU is refused, the session goes on.</summary>
    Command,

    /// <summary>The connection ends, and with it the session (ErrorRecoveryLevel 0).</summary>
    Connection,
}

/// <summary>A peer's mistake: a value, never an exception.</summary>
/// <param name="Scope">How far it reaches.</param>
/// <param name="Reason">The standard's code for it.</param>
/// <param name="Clause">Where the standard forbids it, for whoever reads the log; a constant, so that a mistake costs no memory.</param>
internal readonly record struct Violation(ViolationScope Scope, RejectReason Reason, string Clause);

/// <summary>Why a connection ends without a word to the peer.</summary>
internal enum DropReason
{
    /// <summary>A header that cannot be trusted has no length to go on from.</summary>
    HeaderDigestError,

    /// <summary>A negotiation beyond <see cref="IscsiLimits.NegotiationBytesMax"/>.</summary>
    NegotiationTooLong,

    /// <summary>Another PDU before the login's end.</summary>
    NotALogin,

    /// <summary>No full feature phase within <see cref="IscsiLimits.LoginTime"/>.</summary>
    LoginTooSlow,

    /// <summary>The oldest of more than <see cref="IscsiLimits.HalfOpenPerRing"/> that have not logged in.</summary>
    LoginCrowdedOut,

    /// <summary>No sign of life for <see cref="IscsiLimits.SilenceBeforeDrop"/>.</summary>
    Silence,

    /// <summary>A command did not come for <see cref="IscsiLimits.MissingCommandTime"/> while later ones waited on another connection.</summary>
    CommandMissing,

    /// <summary>More than <see cref="IscsiLimits.BacklogBytesPerRing"/> behind commands that wait for their turn.</summary>
    BacklogFull,

    /// <summary>More than <see cref="IscsiLimits.FencesPerConnection"/> functions wait for statuses that the initiator never acknowledges.</summary>
    StatusUnseen,

    /// <summary>A write's data made no progress for <see cref="IscsiLimits.DataOutTime"/>.</summary>
    DataOutStalled,
}
