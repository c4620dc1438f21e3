namespace VSan.Station.Execution;

/// <summary>One step of a history. Numbers of four bytes: enough to draw, and half of the memory.</summary>
/// <param name="Step">Which: steps since the beginning of 1970; 0 for none.</param>
/// <param name="Reads">Read commands within the step.</param>
/// <param name="Writes">Commands that changed blocks.</param>
/// <param name="ReadBytes">Bytes handed out.</param>
/// <param name="WrittenBytes">Bytes taken.</param>
/// <param name="P50Seconds">Half of the commands took no longer; 0 without commands.</param>
/// <param name="P99Seconds">99 in 100 took no longer.</param>
/// <param name="UsedBytes">What it took on its stores when that was last told; not a number when nobody told.</param>
internal readonly record struct ActivitySample(
    long Step, float Reads, float Writes, float ReadBytes, float WrittenBytes, float P50Seconds, float P99Seconds, float UsedBytes);
