using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A signed-in person.</summary>
/// <param name="Id">Identity.</param>
/// <param name="TokenHash">SHA-256 of the bearer token, lower-case hexadecimal; unique.</param>
/// <param name="PersonId">Who.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record Session(Guid Id, string TokenHash, Guid PersonId, DateTimeOffset ExpiresAt) : Entity(Id);
