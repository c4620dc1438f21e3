namespace VSan.Contracts.Api;

/// <summary>Takes snapshots at fixed times (UTC) and removes those that are no longer to be kept.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name; its snapshots begin with it.</param>
/// <param name="Hourly">Of how many hours the first snapshot is kept. The finest count that is not 0 says how often one is taken.</param>
/// <param name="Daily">Of how many days.</param>
/// <param name="Weekly">Of how many weeks, from Monday.</param>
/// <param name="Monthly">Of how many months.</param>
/// <param name="Minute">Minute of the hour.</param>
/// <param name="Hour">Hour of the day, when no hours are kept.</param>
/// <param name="OneMoment">All volumes at one moment; they must lie on one unit.</param>
/// <param name="VolumeIds">Of which volumes.</param>
/// <param name="LastRun">The last time that was run, or when the schedule was made or changed.</param>
/// <param name="NextRun">The first time after it.</param>
public sealed record Schedule(
    Guid Id,
    string Name,
    int Hourly,
    int Daily,
    int Weekly,
    int Monthly,
    int Minute,
    int Hour,
    bool OneMoment,
    IReadOnlyList<Guid> VolumeIds,
    DateTimeOffset LastRun,
    DateTimeOffset NextRun);

/// <summary>Makes a schedule, or replaces what it says: <c>POST /schedules</c>, <c>PUT /schedules/{id}</c>. Members that are missing are 0, false or empty.</summary>
/// <param name="Name">1 to 40 characters.</param>
/// <param name="Hourly">0 to 100.</param>
/// <param name="Daily">0 to 100.</param>
/// <param name="Weekly">0 to 100.</param>
/// <param name="Monthly">0 to 100.</param>
/// <param name="Minute">0 to 59.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="OneMoment">All volumes at one moment.</param>
/// <param name="VolumeIds">Of which volumes.</param>
public sealed record ScheduleSpec(
    string Name, int? Hourly, int? Daily, int? Weekly, int? Monthly, int? Minute, int? Hour, bool? OneMoment, IReadOnlyList<Guid>? VolumeIds);

/// <summary>One page of schedules.</summary>
public sealed record SchedulePage(IReadOnlyList<Schedule> Items, string? NextCursor);
