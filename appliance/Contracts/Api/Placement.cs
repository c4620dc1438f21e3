namespace VSan.Contracts.Api;

/// <summary>What placement would do with a volume, and why: <c>POST /placements:explain</c> with a <see cref="VolumeCreate"/>. Nothing is reserved.</summary>
/// <param name="Placed">True when every leg would have a place.</param>
/// <param name="Reason">Why not; null when it would.</param>
/// <param name="Layout">The layout that was asked for, by the request or its policy.</param>
/// <param name="SizeBytes">The size that the volume would get.</param>
/// <param name="LargestBytes">The largest volume of this layout that would fit instead; 0 when all is well, or nothing fits.</param>
/// <param name="Stores">Every store that was looked at.</param>
public sealed record PlacementExplanation(bool Placed, string? Reason, string Layout, long SizeBytes, long LargestBytes, IReadOnlyList<PlacementVerdict> Stores);

/// <summary>What placement thinks of one store.</summary>
/// <param name="UnitId">Its unit.</param>
/// <param name="UnitName">The unit's name.</param>
/// <param name="StoreId">The store.</param>
/// <param name="StoreName">Its name.</param>
/// <param name="LegIndex">The leg that it would get, 0-based; null for none.</param>
/// <param name="Rejection">Why it can take none; null when it can.</param>
/// <param name="RoomBytes">The largest leg that it would take by the rules asked for.</param>
/// <param name="UsedRatio">Promised for each byte of capacity after placement, over the unit's weight: the lower, the better. Null when rejected.</param>
/// <param name="Load">Sessions of hosts on the unit, which decide between equals. Null when rejected.</param>
public sealed record PlacementVerdict(
    Guid UnitId,
    string UnitName,
    Guid StoreId,
    string StoreName,
    int? LegIndex,
    string? Rejection,
    long RoomBytes,
    double? UsedRatio,
    int? Load);
