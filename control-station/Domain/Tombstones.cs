namespace VSan.Station.Domain;

/// <summary>A unit that was forgotten, possibly while it was off. When it returns with the same key, its configuration counts on from here.</summary>
/// <param name="Id">The unit's identity.</param>
/// <param name="Name">Its name then.</param>
/// <param name="KeyHash">Its key; another key is another unit.</param>
/// <param name="WantedGeneration">The generation it may have accepted: what it is handed next must be newer.</param>
/// <param name="ForgottenAt">When.</param>
public sealed record UnitTombstone(Guid Id, string Name, string KeyHash, long WantedGeneration, DateTimeOffset ForgottenAt) : Entity(Id);

/// <summary>
/// A leg that lies on a unit and that no volume has any more, because its unit was forgotten while it held it, or that a person gave
/// up. The unit keeps the file, unserved, until a person discards it.
/// </summary>
/// <param name="Id">The leg's identity.</param>
/// <param name="UnitId">The unit that has it.</param>
/// <param name="StoreId">The store it lies on.</param>
/// <param name="VolumeName">The volume it belonged to.</param>
/// <param name="SizeBytes">Capacity.</param>
/// <param name="LeftAt">When it was left.</param>
public sealed record LegTombstone(Guid Id, Guid UnitId, Guid StoreId, string VolumeName, long SizeBytes, DateTimeOffset LeftAt) : Entity(Id)
{
    /// <summary>A person gave it up: once the unit keeps it by its document, the next document drops it, and the unit deletes it.</summary>
    public bool Discard { get; init; }
}
