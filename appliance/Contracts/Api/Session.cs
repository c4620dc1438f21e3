namespace VSan.Contracts.Api;

/// <summary>Signs a person in: <c>POST /sessions</c>.</summary>
public sealed record SessionCreate(string UserName, string Password)
{
    /// <summary>Names the user only, so that a log line cannot leak the password.</summary>
    public override string ToString() => $"SessionCreate {{ UserName = {UserName} }}";
}

/// <summary>A new session.</summary>
/// <param name="UserName">Who signed in.</param>
/// <param name="BearerToken">For <c>Authorization: Bearer</c>; shown this once.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record SessionCreated(string UserName, string BearerToken, DateTimeOffset ExpiresAt);
