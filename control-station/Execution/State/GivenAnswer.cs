using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The answer that a request with an Idempotency-Key was given, for its repetition.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Key">Caller, kind of request and the key itself; unique.</param>
/// <param name="RequestHash">SHA-256 of the request with what it concerns, sealed.</param>
/// <param name="Answer">The answer, sealed.</param>
/// <param name="CreatedAt">When it was given; it is kept for 24 hours.</param>
public sealed record GivenAnswer(Guid Id, string Key, string RequestHash, string Answer, DateTimeOffset CreatedAt) : Entity(Id);
