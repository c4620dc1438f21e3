using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A person who may sign in.</summary>
/// <param name="Id">Identity.</param>
/// <param name="UserName">Unique name.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="PasswordHash">Algorithm, cost, salt and hash; never the password.</param>
public sealed record Person(Guid Id, string UserName, CallerRole Role, string PasswordHash) : Entity(Id);
