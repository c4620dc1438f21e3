using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using VSan.Station.Execution;

namespace VSan.Station.Enrolment;

/// <summary>
/// How often one peer may knock: a token bucket for each address. Enrolment is the only thing that a stranger can make the station
/// work for, and each packet costs a signature check.
/// </summary>
internal sealed class EnrolmentRate : IDisposable
{
    /// <summary>Each member that waits polls every 2 s: forty of them behind one address.</summary>
    public const int PerSecondDefault = 20;

    // A rack behind one address boots at once.
    private const double BurstSeconds = 2.5;

    // An IPv6 peer owns a /64 at least; it counts as one.
    private const int PrefixBytes = 8;

    private readonly PartitionedRateLimiter<IPAddress> _limiter;

    public EnrolmentRate(int perSecond = PerSecondDefault)
    {
        TokenBucketRateLimiterOptions options = new()
        {
            TokenLimit = (int)Math.Ceiling(perSecond * BurstSeconds),
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        };
        _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(peer => RateLimitPartition.GetTokenBucketLimiter(Network(peer), _ => options));
    }

    /// <summary>Counts one request, and refuses it when the peer has had its share.</summary>
    public void Count(HttpContext context)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (lease.IsAcquired) return;
        TimeSpan pause = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan given) && given > TimeSpan.FromSeconds(1) ? given : TimeSpan.FromSeconds(1);
        context.Response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        throw new ProblemException("rate-limited", "This address has sent too many startup packets.", "Send the packet again after the pause that Retry-After names.");
    }

    public void Dispose() => _limiter.Dispose();

    private static IPAddress Network(IPAddress peer)
    {
        if (peer.AddressFamily != AddressFamily.InterNetworkV6) return peer;
        if (peer.IsIPv4MappedToIPv6) return peer.MapToIPv4();
        byte[] bytes = peer.GetAddressBytes();
        Array.Clear(bytes, PrefixBytes, bytes.Length - PrefixBytes);
        return new IPAddress(bytes);
    }
}
