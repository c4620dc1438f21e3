using VSan.Contracts.Enrolment;

namespace VSan.Contracts.Api;

/// <summary>An enrolment token, without its secret.</summary>
/// <param name="Id">Identity; not a secret.</param>
/// <param name="AutoApprove">True: members that prove it are admitted at once. False: they wait for approval.</param>
/// <param name="UsesMax">How many members it admits.</param>
/// <param name="UsesLeft">How many it still admits.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">After this it admits nobody.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="Labels">What the members that it admits are labelled with.</param>
public sealed record Token(string Id, bool AutoApprove, int UsesMax, int UsesLeft, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string CreatedBy, IReadOnlyDictionary<string, string>? Labels = null)
{
    /// <summary>What it admits.</summary>
    public MemberKind Kind { get; init; }

    /// <summary>The one host that it admits; null for any member of its kind.</summary>
    public Guid? HostId { get; init; }
}

/// <summary>Asks for a token: <c>POST /tokens</c>.</summary>
/// <param name="AutoApprove">Default true.</param>
/// <param name="Uses">1 to 10,000; default 1.</param>
/// <param name="LifetimeSeconds">60 s to 30 days; default 3 hours.</param>
/// <param name="Labels">What the members that it admits are labelled with.</param>
public sealed record TokenCreate(bool? AutoApprove, int? Uses, long? LifetimeSeconds, IReadOnlyDictionary<string, string>? Labels = null)
{
    /// <summary>What it admits; null for units.</summary>
    public MemberKind? Kind { get; init; }

    /// <summary>With the kind host: the one host that it admits. Null makes a new host of each that proves it.</summary>
    public Guid? HostId { get; init; }
}

/// <summary>A new token with its secret, which is shown this once.</summary>
/// <param name="Token">The token.</param>
/// <param name="Secret">What a unit is started with.</param>
/// <param name="CaFingerprint">What the unit pins.</param>
public sealed record TokenCreated(Token Token, string Secret, string CaFingerprint);

/// <summary>One page of tokens.</summary>
public sealed record TokenPage(IReadOnlyList<Token> Items, string? NextCursor);
