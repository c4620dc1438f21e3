namespace VSan.Contracts.Api;

/// <summary>What was done to the pool, a unit or a volume lately, as the station keeps it in memory since it started.</summary>
/// <param name="Subject"><c>pool</c>, <c>unit/{id}</c> or <c>volume/{id}</c>.</param>
/// <param name="Name">Its name; of the pool, <c>pool</c>.</param>
/// <param name="StepSeconds">Length of a step.</param>
/// <param name="Points">Finished steps in order of time; those in which nobody told are left out.</param>
public sealed record ActivityHistory(string Subject, string Name, int StepSeconds, IReadOnlyList<ActivityPoint> Points);

/// <summary>One step of a history.</summary>
/// <param name="At">When it began.</param>
/// <param name="ReadsPerSecond">Read commands.</param>
/// <param name="WritesPerSecond">Commands that changed blocks; of a mirror, each write counts once.</param>
/// <param name="ReadBytesPerSecond">Bytes handed out.</param>
/// <param name="WrittenBytesPerSecond">Bytes taken.</param>
/// <param name="LatencyP50Seconds">Half of the commands took no longer; null when there was none. Of a volume, on its slowest leg.</param>
/// <param name="LatencyP99Seconds">99 in 100 took no longer.</param>
/// <param name="UsedBytes">What it took on its stores; null when nobody told.</param>
public sealed record ActivityPoint(
    DateTimeOffset At,
    double ReadsPerSecond,
    double WritesPerSecond,
    double ReadBytesPerSecond,
    double WrittenBytesPerSecond,
    double? LatencyP50Seconds,
    double? LatencyP99Seconds,
    long? UsedBytes)
{
    /// <summary>Commands of both kinds.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double CommandsPerSecond => ReadsPerSecond + WritesPerSecond;
}

/// <summary>Volumes that are used now, the busiest first.</summary>
/// <param name="Items">The volumes.</param>
public sealed record BusyVolumePage(IReadOnlyList<BusyVolume> Items);

/// <summary>A volume that is used now.</summary>
/// <param name="VolumeId">Identity.</param>
/// <param name="Name">Name.</param>
/// <param name="Now">The last finished step.</param>
public sealed record BusyVolume(Guid VolumeId, string Name, ActivityPoint Now);
