namespace VSan.Station.Domain;

/// <summary>What volumes of one purpose have in common. A change is for volumes that are made later.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name.</param>
/// <param name="Layout">How they lie over their legs.</param>
/// <param name="Domain">No two copies lie in the same one.</param>
/// <param name="Media">Media class of their stores; null for any.</param>
/// <param name="Thin">They take space as they are written.</param>
/// <param name="OvercommitRatio">Promised bytes for each byte of a store's capacity, up to which they are placed.</param>
/// <param name="Limits">Their limits; null for none.</param>
/// <param name="SnapshotSchedule">Name of the schedule by which snapshots are taken of them; null for none.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Policy(
    Guid Id,
    string Name,
    VolumeLayout Layout,
    FailureDomain Domain,
    string? Media,
    bool Thin,
    double OvercommitRatio,
    VolumeLimits? Limits,
    string? SnapshotSchedule,
    DateTimeOffset CreatedAt) : Entity(Id);
