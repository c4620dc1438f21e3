using System.Threading.Channels;
using VSan.Iscsi;

namespace VSan.BlockServer;

/// <summary>
/// Incidents of all rings as lines of the event log: at most one in ten seconds for each reason and peer address, so that a hostile peer fills
/// no disk. A ring only hands over; a log that is slow to write loses lines, and the next one says how many.
/// </summary>
internal sealed class IncidentLog(EventLog log, TimeProvider time) : IIncidentLog
{
    /// <summary>Lines that wait for the writer; more are counted and forgotten.</summary>
    internal const int WaitingMax = 256;

    /// <summary>Pairs of reason and peer address that are remembered; all others share one.</summary>
    internal const int SourcesMax = 256;

    internal static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private static readonly (string Reason, string Address) Others = ("", "");

    private readonly Channel<Incident> _waiting = Channel.CreateBounded<Incident>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Dictionary<(string Reason, string Address), Source> _sources = [];
    private long _lost;

    /// <inheritdoc/>
    public void OnIncident(in Incident incident)
    {
        if (!_waiting.Writer.TryWrite(incident)) Interlocked.Increment(ref _lost);
    }

    /// <summary>Writes until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false)) WriteWaiting();
    }

    /// <summary>Writes what waits. One thread at a time.</summary>
    internal void WriteWaiting()
    {
        while (_waiting.Reader.TryRead(out Incident incident)) Write(incident);
    }

    private void Write(Incident incident)
    {
        long now = time.GetTimestamp();
        Source source = SourceOf((incident.Reason, AddressOf(incident.Peer)), now);
        if (source.WrittenAt is { } last && time.GetElapsedTime(last, now) < Quiet)
        {
            source.Held++;
            return;
        }

        (long held, source.Held, source.WrittenAt) = (source.Held, 0, now);
        log.Error(
            incident.Kind switch
            {
                IncidentKind.PduRejected => "pdu-rejected",
                IncidentKind.ConnectionDropped => "connection-dropped",
                IncidentKind.LoginRefused => "login-refused",
            },
            ("reason", incident.Reason),
            ("clause", incident.Clause ?? "ours"),
            ("peer", incident.Peer),
            ("initiator", incident.InitiatorName),
            ("held", held),
            ("lost", Interlocked.Exchange(ref _lost, 0)));
    }

    private Source SourceOf((string Reason, string Address) key, long now)
    {
        if (_sources.TryGetValue(key, out Source? source)) return source;
        if (_sources.Count >= SourcesMax) Forget(now);
        if (_sources.Count >= SourcesMax) key = Others;
        if (_sources.TryGetValue(key, out source)) return source;
        return _sources[key] = new Source();
    }

    // Whoever was quiet for long enough starts anew; what was held back of it by then stays unsaid, as the counters have it.
    private void Forget(long now)
    {
        foreach ((var key, Source source) in _sources)
        {
            if (source.WrittenAt is { } last && time.GetElapsedTime(last, now) >= Quiet) _ = _sources.Remove(key);
        }
    }

    private static string AddressOf(string peer) => peer[..Math.Max(0, peer.LastIndexOf(':'))];

    private sealed class Source
    {
        internal long? WrittenAt;
        internal long Held;
    }
}
