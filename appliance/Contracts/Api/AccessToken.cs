namespace VSan.Contracts.Api;

/// <summary>What a machine or script signs its requests with, without its secret.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name; the machine's name in audit.</param>
/// <param name="Bindings">Roles, each where it holds.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">After this it opens nothing.</param>
/// <param name="CreatedBy">Who made it.</param>
public sealed record AccessToken(
    Guid Id, string Name, IReadOnlyList<RoleBinding> Bindings, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string CreatedBy);

/// <summary>Asks for an access token: <c>POST /access-tokens</c>.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Bindings">At least one role.</param>
/// <param name="LifetimeSeconds">60 s to 366 days; default 90 days.</param>
public sealed record AccessTokenCreate(string Name, IReadOnlyList<RoleBinding> Bindings, long? LifetimeSeconds = null);

/// <summary>A new access token.</summary>
/// <param name="Token">The token.</param>
/// <param name="Bearer">For <c>Authorization: Bearer</c>; shown this once.</param>
public sealed record AccessTokenCreated(AccessToken Token, string Bearer)
{
    /// <summary>Names the token only.</summary>
    public override string ToString() => $"AccessTokenCreated {{ Token = {Token.Name} }}";
}

/// <summary>One page of access tokens.</summary>
public sealed record AccessTokenPage(IReadOnlyList<AccessToken> Items, string? NextCursor);
