using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What a machine or script signs its requests with. Enrolment has tokens of its own: <see cref="Token"/>.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name; the machine's name in audit.</param>
/// <param name="TokenHash">SHA-256 of the token, lower-case hexadecimal; unique. The token has 256 random bits, so a fast hash is enough.</param>
/// <param name="Bindings">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">After this it opens nothing.</param>
/// <param name="CreatedBy">Who made it.</param>
public sealed record AccessToken(
    Guid Id, string Name, string TokenHash, IReadOnlyList<Binding> Bindings, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string CreatedBy) : Entity(Id);
