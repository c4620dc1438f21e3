using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A signed-in person.</summary>
/// <param name="Id">Identity.</param>
/// <param name="TokenHash">SHA-256 of the bearer token, lower-case hexadecimal; unique.</param>
/// <param name="PersonId">Who.</param>
/// <param name="Peer">The address it was opened from.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record Session(Guid Id, string TokenHash, Guid PersonId, string Peer, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt) : Entity(Id);
