using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A person who may sign in; on the wire a user.</summary>
/// <param name="Id">Identity.</param>
/// <param name="UserName">Unique name.</param>
/// <param name="Bindings">What the person may do, and where.</param>
/// <param name="PasswordHash">Algorithm, cost, salt and hash; never the password.</param>
/// <param name="Disabled">True: may not sign in, and has no session.</param>
/// <param name="Totp">The second factor, or null.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Person(
    Guid Id, string UserName, IReadOnlyList<Binding> Bindings, string PasswordHash, bool Disabled, TotpFactor? Totp, DateTimeOffset CreatedAt) : Entity(Id);

/// <summary>A person's second factor (RFC 6238).</summary>
/// <param name="ProtectedSecret">The shared secret, sealed.</param>
/// <param name="Confirmed">True once the person has proved to have it; only then it is asked for.</param>
/// <param name="LastStep">The time step of the last code that was accepted: no code of it or before is accepted again.</param>
public sealed record TotpFactor(byte[] ProtectedSecret, bool Confirmed, long LastStep)
{
    /// <summary>Hashes of the recovery codes that were not used yet.</summary>
    public IReadOnlyList<string> Recovery { get; init; } = [];

    /// <summary>The factor after a code of the authenticator, or a recovery code, was accepted; null when it is neither, or was used before.</summary>
    internal TotpFactor? Accept(ReadOnlySpan<byte> secret, string code, DateTimeOffset now) =>
        Totp.Accept(secret, code, now, LastStep) is { } step ? this with { LastStep = step }
        : RecoveryCodes.Use(Recovery, code) is { } left ? this with { Recovery = left }
        : null;
}
