namespace VSan.Station.Domain;

/// <summary>What a volume may ask of each unit that serves it. The block server keeps it; a limit counts per leg.</summary>
/// <param name="IopsMax">Commands a second; null for no limit.</param>
/// <param name="BytesPerSecondMax">Bytes a second, read and written together; null for no limit.</param>
/// <param name="BurstSeconds">How many seconds' worth an idle volume may save up and use at once, 1 to 60.</param>
public sealed record QosLimits(long? IopsMax, long? BytesPerSecondMax, int BurstSeconds);
