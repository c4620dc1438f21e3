namespace VSan.Station.Domain;

/// <summary>The epoch of a unit's locks. It outlives the operations, so that no epoch is given twice.</summary>
/// <param name="Id">The unit.</param>
/// <param name="Epoch">Raised with every grant of a lock on the unit.</param>
public sealed record UnitFence(Guid Id, long Epoch) : Entity(Id);
