namespace VSan.Station.Domain;

/// <summary>A directory that one unit serves over WebDAV.</summary>
/// <param name="Id">Identity.</param>
/// <param name="ProjectId">The project whose quota it counts for.</param>
/// <param name="Name">Unique in its project.</param>
/// <param name="SizeBytes">What its store has promised it.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="Port">The port that it has for itself on the unit.</param>
/// <param name="Owner">Who asked for it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record Share(
    Guid Id, Guid ProjectId, string Name, long SizeBytes, Guid UnitId, Guid StoreId, int Port, string Owner, ShareState State, DateTimeOffset CreatedAt) : Entity(Id)
{
    /// <summary>The certificate that its server shows, PEM; null until the unit has told it.</summary>
    public string? Certificate { get; init; }

    /// <summary>What may not be there twice.</summary>
    public string Key => $"{ProjectId}/{Name}";
}

/// <summary>Where a share stands: <c>Creating → Ready → Deleting → gone</c>, and from both <c>→ Deleting</c>.</summary>
public enum ShareState
{
    /// <summary>Reserved and wanted on its unit.</summary>
    Creating,

    /// <summary>Served.</summary>
    Ready,

    /// <summary>No longer wanted on its unit; its space is still promised.</summary>
    Deleting,
}

/// <summary>The permission of a host or a user to use a share.</summary>
/// <param name="Id">Identity.</param>
/// <param name="ShareId">The share.</param>
/// <param name="HostId">The host; null for a user.</param>
/// <param name="Holder">The host's name then, or what a person called the user; unique on its share.</param>
/// <param name="UserName">What the holder signs in as.</param>
/// <param name="PasswordHash">What the password hashes to, as an htpasswd file has it. The password itself is kept nowhere.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record ShareBinding(
    Guid Id, Guid ShareId, Guid? HostId, string Holder, string UserName, string PasswordHash, ShareBindingState State, DateTimeOffset CreatedAt) : Entity(Id);

/// <summary>Where a binding stands: <c>Pending → Active → Removing → gone</c>.</summary>
public enum ShareBindingState
{
    /// <summary>Wanted on its unit.</summary>
    Pending,

    /// <summary>Served.</summary>
    Active,

    /// <summary>No longer wanted on its unit.</summary>
    Removing,
}
