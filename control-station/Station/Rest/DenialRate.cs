namespace VSan.Station.Rest;

/// <summary>
/// How often a stranger's refused requests get a line in the audit log: one for each peer and minute, so that nobody fills the disk by asking.
/// </summary>
internal sealed class DenialRate(TimeProvider time)
{
    /// <summary>Peers remembered; beyond, all are forgotten and may leave one line again.</summary>
    private const int PeersMax = 4096;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    /// <summary>True when this peer's denial is to be written down.</summary>
    public bool TryCount(string peer)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            if (_last.TryGetValue(peer, out DateTimeOffset last) && now - last < Quiet) return false;
            if (_last.Count >= PeersMax) _last.Clear();
            _last[peer] = now;
            return true;
        }
    }
}
