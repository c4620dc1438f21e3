namespace VSan.Station.Domain;

/// <summary>A leg of a removed volume on a unit that was away: when it comes back it deletes the leg, and only then is the space free.</summary>
/// <param name="Id">The leg.</param>
/// <param name="UnitId">The unit that keeps it.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="SizeBytes">What the store still promises.</param>
/// <param name="GoneAtGeneration">The configuration generation with which the unit is rid of it.</param>
public sealed record Leftover(Guid Id, Guid UnitId, Guid StoreId, long SizeBytes, long GoneAtGeneration) : Entity(Id);
