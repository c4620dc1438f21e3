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
internal readonly record struct Violation(ViolationScope Scope, RejectReason Reason);
