namespace VSan.Station.Domain;

/// <summary>Takes snapshots of volumes at fixed times and removes those that are no longer to be kept.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name; snapshots begin with it.</param>
/// <param name="Keep">How many are kept.</param>
/// <param name="Times">When they are taken.</param>
/// <param name="OneMoment">All volumes at one moment, which they must lie on one unit for; else each by itself.</param>
/// <param name="VolumeIds">Of which volumes.</param>
/// <param name="LastSlot">The last time for which all that could be taken was taken; at first when the schedule was made.</param>
public sealed record SnapshotSchedule(
    Guid Id,
    string Name,
    RetentionCounts Keep,
    SlotTimes Times,
    bool OneMoment,
    IReadOnlyList<Guid> VolumeIds,
    DateTimeOffset LastSlot) : Entity(Id);

/// <summary>How many snapshots of a volume are kept: of each of the last so many hours, days, weeks and months the first.</summary>
/// <param name="Hourly">Hours.</param>
/// <param name="Daily">Days.</param>
/// <param name="Weekly">Weeks, from Monday.</param>
/// <param name="Monthly">Months.</param>
public sealed record RetentionCounts(int Hourly, int Daily, int Weekly, int Monthly);

/// <summary>When snapshots are taken, in UTC: at this minute, of this hour, on Mondays, on the first of the month, as far as the finest count asks.</summary>
/// <param name="Minute">0 to 59.</param>
/// <param name="Hour">0 to 23; of no account when hours are kept.</param>
public sealed record SlotTimes(int Minute, int Hour);
