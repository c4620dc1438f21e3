namespace VSan.Station.Execution;

/// <summary>Who asks. Every service takes one; what a role may do is decided in <see cref="Permissions"/> alone.</summary>
/// <param name="Name">User name, for audit and for <c>RequestedBy</c>.</param>
/// <param name="Role">What the caller may do.</param>
public sealed record Caller(string Name, CallerRole Role);
