namespace VSan.IscsiInitiator;

/// <summary>Task management functions (RFC 7143, 11.5.1).</summary>
internal enum TaskFunction
{
    /// <summary>One command.</summary>
    AbortTask = 1,

    /// <summary>All of this session's on the logical unit.</summary>
    AbortTaskSet = 2,

    /// <summary>All on the logical unit, whosever they are, and its state.</summary>
    LogicalUnitReset = 5,
}
