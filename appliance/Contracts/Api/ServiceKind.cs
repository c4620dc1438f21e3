namespace VSan.Contracts.Api;

/// <summary>A kind of service of the pool: how members describe themselves for it, and what is done with a request for it.</summary>
/// <param name="Name">For example <c>storage.block</c>.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Collection">Where its objects are under the API's root.</param>
/// <param name="Allocate">The kind of operation that makes what was requested.</param>
/// <param name="Bind">The one that lets a consumer use it.</param>
/// <param name="Release">The one that takes it from a consumer.</param>
/// <param name="Free">The one that gives back what was allocated.</param>
/// <param name="Units">Every unit, and whether it offers the kind.</param>
public sealed record ServiceKind(
    string Name, string Title, string Collection, string Allocate, string Bind, string Release, string Free, IReadOnlyList<ServiceUnit> Units);

/// <summary>How one unit describes itself for a kind.</summary>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="Offered">True when it serves the kind.</param>
/// <param name="Engine">What it serves it with; null when it does not.</param>
/// <param name="Reason">Why it does not, with the next action; null when it does.</param>
/// <param name="Allocated">How much of this kind lies on it.</param>
public sealed record ServiceUnit(Guid UnitId, string UnitName, bool Offered, string? Engine, string? Reason, int Allocated);

/// <summary>All kinds of service.</summary>
public sealed record ServiceKindPage(IReadOnlyList<ServiceKind> Items);
