namespace VSan.Contracts.Api;

/// <summary>Replaces the CHAP secrets of a host on each unit: <c>POST /hosts/{id}:rotate-secret</c>.</summary>
/// <param name="OverlapHours">
/// 0 to 8760, default 168: how long the former secrets admit as well, counted for each unit from when it admits both. Running sessions stay
/// whatever it is.
/// </param>
/// <param name="EveryDays">From now on they are replaced at this age, 1 to 3650; 0 ends that; null leaves it as it is.</param>
public sealed record SecretRotate(int? OverlapHours, int? EveryDays);

/// <summary>Where the replacement of a host's secrets stands; names no secret.</summary>
/// <param name="HostId">The host.</param>
/// <param name="EveryDays">The age at which they are replaced, or null.</param>
/// <param name="Units">One for each unit that the host was mapped on.</param>
public sealed record HostSecrets(Guid HostId, int? EveryDays, IReadOnlyList<HostSecret> Units);

/// <summary>The secret of a host on one unit.</summary>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="MadeAt">When the newest secret was made.</param>
/// <param name="Rotating">True while the former one is admitted as well.</param>
/// <param name="AcceptedAt">Since when the unit admits both; null while it is not known to: connect-info tells the former one until then.</param>
/// <param name="FormerUntil">When the former one ends; null before <paramref name="AcceptedAt"/>.</param>
public sealed record HostSecret(Guid UnitId, string UnitName, DateTimeOffset MadeAt, bool Rotating, DateTimeOffset? AcceptedAt, DateTimeOffset? FormerUntil);

/// <summary>How much a host may ask for by itself: <c>PUT /hosts/{id}/quota</c>.</summary>
/// <param name="BytesMax">Sum of the sizes of its volumes and of what their snapshots are promised.</param>
/// <param name="VolumesMax">How many volumes.</param>
public sealed record HostQuotaSpec(long BytesMax, int VolumesMax);

/// <summary>A host's quota and what counts against it.</summary>
/// <param name="HostId">The host.</param>
/// <param name="BytesMax">Null: the host may ask for nothing by itself.</param>
/// <param name="VolumesMax">Likewise.</param>
/// <param name="Bytes">In use.</param>
/// <param name="Volumes">In use.</param>
public sealed record HostQuota(Guid HostId, long? BytesMax, int? VolumesMax, long Bytes, int Volumes);
