using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>A directory on one unit that people and hosts use over WebDAV.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique in its project.</param>
/// <param name="ProjectId">The project whose quota it counts for.</param>
/// <param name="ProjectName">Its name.</param>
/// <param name="Owner">Who asked for it.</param>
/// <param name="SizeBytes">What it was promised. Its unit does not hold it back at this size: beyond it an alarm is raised.</param>
/// <param name="State">Where it stands.</param>
/// <param name="UnitId">The unit that serves it.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="StoreId">The store it lies on.</param>
/// <param name="Url">Where it is served.</param>
/// <param name="Bindings">Who is let in.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record Share(
    Guid Id,
    string Name,
    Guid ProjectId,
    string ProjectName,
    string Owner,
    long SizeBytes,
    ShareState State,
    Guid UnitId,
    string UnitName,
    Guid StoreId,
    string Url,
    IReadOnlyList<ShareBinding> Bindings,
    DateTimeOffset CreatedAt)
{
    /// <summary>What it takes, as its unit last measured; null when nobody can tell.</summary>
    public long? UsedBytes { get; init; }

    /// <summary>The certificate that its server shows, PEM; null until it was made.</summary>
    public string? Certificate { get; init; }
}

/// <summary>The permission to use a share.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Holder">The host's name, or what a person called the user.</param>
/// <param name="HostId">The host; null for a user.</param>
/// <param name="UserName">What the holder signs in to the share as.</param>
/// <param name="State">Whether the unit lets it in already.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ShareBinding(Guid Id, string Holder, Guid? HostId, string UserName, ShareBindingState State, DateTimeOffset CreatedAt);

/// <summary>Where a share stands.</summary>
[JsonConverter(typeof(WireEnumConverter<ShareState>))]
public enum ShareState
{
    /// <summary>Its unit does not serve it yet.</summary>
    Creating,

    /// <summary>It is served.</summary>
    Ready,

    /// <summary>Its unit is out of reach.</summary>
    Unreachable,

    /// <summary>It is being removed.</summary>
    Deleting,
}

/// <summary>Whether a binding is served.</summary>
[JsonConverter(typeof(WireEnumConverter<ShareBindingState>))]
public enum ShareBindingState
{
    /// <summary>The unit does not let it in yet.</summary>
    Pending,

    /// <summary>The holder can use the share.</summary>
    Active,

    /// <summary>It is being taken away.</summary>
    Removing,
}

/// <summary>Asks for a share: <c>POST /shares</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">What it is promised, a multiple of 1 MiB.</param>
public sealed record ShareCreate(string Name, long SizeBytes)
{
    /// <summary>The project; null for <c>default</c>.</summary>
    public string? Project { get; init; }

    /// <summary>On this unit; null lets the pool choose.</summary>
    public Guid? UnitId { get; init; }

    /// <summary>Only on units with all of these labels; null for any.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>A share that is asked for and the operation that makes it.</summary>
public sealed record ShareAccepted(Share Share, Operation Operation);

/// <summary>Lets a host or a user in to a share: <c>POST /shares/{id}:bind</c>. One of both.</summary>
/// <param name="HostId">The host.</param>
/// <param name="User">What a person calls the user.</param>
public sealed record ShareBind(Guid? HostId, string? User);

/// <summary>Everything that the holder needs to use the share. The password is shown here and nowhere else.</summary>
/// <param name="Binding">The permission.</param>
/// <param name="Url">Where the share is.</param>
/// <param name="UserName">The user name.</param>
/// <param name="Password">The password.</param>
/// <param name="Certificate">The one certificate that is to be believed at this address, PEM.</param>
/// <param name="Operation">The operation with whose end the share lets the holder in.</param>
public sealed record ShareBound(ShareBinding Binding, string Url, string UserName, string Password, string Certificate, Operation Operation);

/// <summary>Takes a share from who was let in: <c>POST /shares/{id}:release</c>.</summary>
/// <param name="BindingId">The permission.</param>
public sealed record ShareRelease(Guid BindingId);

/// <summary>One page of shares.</summary>
public sealed record SharePage(IReadOnlyList<Share> Items, string? NextCursor);
