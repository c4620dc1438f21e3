namespace VSan.Station.Domain;

/// <summary>One store of a unit, as the pool counts it.</summary>
/// <param name="Id">Identity, kept in the store itself.</param>
/// <param name="UnitId">The unit that has it.</param>
/// <param name="Name">Name for people.</param>
/// <param name="CapacityBytes">Its size, or the limit the unit was given.</param>
/// <param name="FreeBytes">What it could still take at the last enquiry; reports since then are newer.</param>
/// <param name="PromisedBytes">Sum of the sizes of its legs, written or not. Changes only with the legs, in their transaction.</param>
public sealed record Store(Guid Id, Guid UnitId, string Name, long CapacityBytes, long FreeBytes, long PromisedBytes) : Entity(Id)
{
    /// <summary>Media class as the unit reported it, for example <c>ssd</c>; null when it did not.</summary>
    public string? Media { get; init; }
}
