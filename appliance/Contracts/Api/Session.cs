namespace VSan.Contracts.Api;

/// <summary>Signs a person in: <c>POST /sessions</c>.</summary>
/// <param name="UserName">User name.</param>
/// <param name="Password">Password.</param>
/// <param name="Code">Six digits of the person's authenticator, when there is one.</param>
public sealed record SessionCreate(string UserName, string Password, string? Code = null)
{
    /// <summary>Names the user only, so that a log line cannot leak the password.</summary>
    public override string ToString() => $"SessionCreate {{ UserName = {UserName} }}";
}

/// <summary>A new session.</summary>
/// <param name="UserName">Who signed in.</param>
/// <param name="BearerToken">For <c>Authorization: Bearer</c>; shown this once.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record SessionCreated(string UserName, string BearerToken, DateTimeOffset ExpiresAt);

/// <summary>A session without its secret.</summary>
/// <param name="Id">Identity.</param>
/// <param name="UserName">Who signed in.</param>
/// <param name="Peer">The address it was opened from.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record Session(Guid Id, string UserName, string Peer, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>One page of sessions.</summary>
public sealed record SessionPage(IReadOnlyList<Session> Items, string? NextCursor);

/// <summary>Who the caller is: <c>GET /sessions/current</c>.</summary>
/// <param name="UserName">User name, or name of the access token.</param>
/// <param name="Bindings">Roles, each where it holds.</param>
public sealed record SessionCurrent(string UserName, IReadOnlyList<RoleBinding> Bindings);
