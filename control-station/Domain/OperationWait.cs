namespace VSan.Station.Domain;

/// <summary>What an operation waits for.</summary>
/// <param name="Reason">What kind of thing.</param>
/// <param name="Detail">The same for a person.</param>
/// <param name="LockPath">The lock, when it waits for one.</param>
/// <param name="HolderId">The operation that has the lock or asked for it earlier.</param>
/// <param name="HolderTitle">What that operation does.</param>
/// <param name="HolderName">Who asked for it.</param>
public sealed record OperationWait(
    WaitReason Reason,
    string Detail,
    string? LockPath = null,
    Guid? HolderId = null,
    string? HolderTitle = null,
    string? HolderName = null);

/// <summary>Kinds of waiting.</summary>
public enum WaitReason
{
    /// <summary>As many operations are at work as may be.</summary>
    Turn,

    /// <summary>Another operation has a lock.</summary>
    Lock,

    /// <summary>A unit is away. Whoever waits so takes no turn from others.</summary>
    Unit,

    /// <summary>A unit is at work.</summary>
    Work,

    /// <summary>An attempt failed; the next one is due soon.</summary>
    Retry,
}
