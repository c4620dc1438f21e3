using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Which limits are acceptable.</summary>
internal static class QosRule
{
    private const long IopsLargest = 100_000_000;

    /// <summary>One command of a host is up to 1 MiB and must not wait for minutes.</summary>
    private const long BytesPerSecondSmallest = 64 * 1024;

    private const int BurstSecondsLargest = 60;

    /// <summary>Checks limits; none when neither rate is given. Units do not keep limits yet, so a request that has one is refused and not quietly unlimited.</summary>
    public static QosLimits? Of(Qos? qos, string pointer)
    {
        if (qos is null || (qos.IopsMax is null && qos.BytesPerSecondMax is null)) return null;
        if (qos.IopsMax is < 1 or > IopsLargest) throw ProblemException.Field($"{pointer}/iopsMax", $"must be 1 to {IopsLargest}.");
        if (qos.BytesPerSecondMax is < BytesPerSecondSmallest or > 1L << 40) throw ProblemException.Field($"{pointer}/bytesPerSecondMax", "must be 64 KiB to 1 TiB.");
        if (qos.BurstSeconds is < 1 or > BurstSecondsLargest) throw ProblemException.Field($"{pointer}/burstSeconds", $"must be 1 to {BurstSecondsLargest}.");
        throw new ProblemException("limits-unsupported", "Units do not keep limits of volumes yet.", "Leave the limits out; slow the host down, or give it a unit of its own.");
    }
}
