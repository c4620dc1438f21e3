namespace VSan.Station.Domain;

/// <summary>A unit that somebody works on: nothing new is placed there, and its absence is no reason to make up for what it keeps.</summary>
/// <param name="Id">The unit.</param>
/// <param name="Since">When it began.</param>
/// <param name="By">Who said so.</param>
/// <param name="Reason">What for, for people; may be empty.</param>
public sealed record Maintenance(Guid Id, DateTimeOffset Since, string By, string Reason) : Entity(Id);
