namespace VSan.Scsi;

/// <summary>
/// What a logical unit is between SANITIZE commands (SBC-3, 4.11).
/// <code>
///   None ──SANITIZE──► InProgress ──done──► None
///    ▲                     └──failed──► Failed (AUSE 0), FailedMayExit (AUSE 1) ──SANITIZE──► InProgress
///    └──EXIT FAILURE MODE────────────────────────────────┘
/// </code>
/// </summary>
internal enum SanitizeState
{
    None,

    /// <summary>No command but those that answer always.</summary>
    InProgress,

    /// <summary>Nothing but another SANITIZE helps.</summary>
    Failed,

    /// <summary>AUSE was set: the initiator may give up.</summary>
    FailedMayExit,
}
