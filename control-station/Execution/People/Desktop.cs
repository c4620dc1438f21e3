using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>How a person left the desktop of the web OS.</summary>
/// <param name="Id">The person's identity.</param>
/// <param name="Content">JSON of the shell; nobody else reads it.</param>
public sealed record Desktop(Guid Id, string Content) : Entity(Id);
