namespace VSan.Contracts.UnitLink;

/// <summary>How a unit describes itself for one kind of service, besides blocks: what it serves it with and where, or why it does not.</summary>
/// <param name="Kind">The kind, for example <c>storage.file</c>.</param>
/// <param name="Engine">The server behind it, with its version; null when there is none.</param>
/// <param name="Reason">Why the kind is not offered, for a person; null when it is.</param>
/// <param name="Address">Where it listens; null when it is not offered.</param>
/// <param name="FirstPort">The first of the ports that it may give away.</param>
/// <param name="PortCount">How many there are: the most that it serves at once.</param>
public sealed record ServiceOffer(string Kind, string? Engine, string? Reason, string? Address, int FirstPort, int PortCount);
