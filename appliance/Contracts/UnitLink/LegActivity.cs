namespace VSan.Contracts.UnitLink;

/// <summary>What initiators have done to a leg since its block server opened it. Counters that are smaller than before began anew.</summary>
/// <param name="LegId">The leg.</param>
/// <param name="Reads">Read commands.</param>
/// <param name="Writes">Commands that changed blocks.</param>
/// <param name="ReadBytes">Bytes handed out.</param>
/// <param name="WrittenBytes">Bytes taken.</param>
/// <param name="Latencies">How long both took, from a command's arrival to its answer; null when there was none.</param>
public sealed record LegActivity(Guid LegId, long Reads, long Writes, long ReadBytes, long WrittenBytes, LatencyCounts? Latencies)
{
    /// <summary>True when something was done to the leg between the two; null is a leg that was not known.</summary>
    public bool HasMovedSince(LegActivity? before) =>
        before is null || (Reads, Writes, ReadBytes, WrittenBytes) != (before.Reads, before.Writes, before.ReadBytes, before.WrittenBytes);
}
