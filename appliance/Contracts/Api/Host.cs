namespace VSan.Contracts.Api;

/// <summary>An application server that uses volumes.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name; unique.</param>
/// <param name="InitiatorName">iSCSI name (RFC 7143, 4.2.7), in lower case; unique.</param>
/// <param name="Mappings">How many volumes it may use.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record Host(Guid Id, string Name, string InitiatorName, int Mappings, DateTimeOffset CreatedAt)
{
    /// <summary>Since when it has a certificate to ask for itself with; null when it has none.</summary>
    public DateTimeOffset? EnrolledAt { get; init; }
}

/// <summary>Adds a host: <c>POST /hosts</c>.</summary>
public sealed record HostCreate(string Name, string InitiatorName);

/// <summary>One page of hosts.</summary>
public sealed record HostPage(IReadOnlyList<Host> Items, string? NextCursor);
