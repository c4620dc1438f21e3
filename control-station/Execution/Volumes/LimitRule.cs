using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Which limits are acceptable.</summary>
internal static class LimitRule
{
    private const long IopsLargest = 100_000_000;

    /// <summary>One command of a host is up to 1 MiB and must not wait for minutes.</summary>
    private const long BytesPerSecondSmallest = 64 * 1024;

    private const long BytesPerSecondLargest = 1L << 40;

    private const int BurstSecondsDefault = 1;

    private const int BurstSecondsLargest = 60;

    /// <summary>Checks limits; none when neither rate is given.</summary>
    public static VolumeLimits? Of(Limits? limits, string pointer)
    {
        if (limits is null) return null;
        if (limits.MaxIops is < 1 or > IopsLargest) throw ProblemException.Field($"{pointer}/maxIops", $"must be 1 to {IopsLargest}.");
        if (limits.MaxBytesPerSecond is < BytesPerSecondSmallest or > BytesPerSecondLargest) throw ProblemException.Field($"{pointer}/maxBytesPerSecond", "must be 64 KiB to 1 TiB.");
        if (limits.BurstSeconds is < 1 or > BurstSecondsLargest) throw ProblemException.Field($"{pointer}/burstSeconds", $"must be 1 to {BurstSecondsLargest}.");
        if (limits.MaxIops is null && limits.MaxBytesPerSecond is null)
            return limits.BurstSeconds is null ? null : throw ProblemException.Field($"{pointer}/burstSeconds", "needs maxIops or maxBytesPerSecond beside it.");
        return new VolumeLimits(limits.MaxIops, limits.MaxBytesPerSecond, limits.BurstSeconds ?? BurstSecondsDefault);
    }
}
