using VSan.BlockServer.Configuration;
using VSan.Contracts.BlockServer;
using VSan.Iscsi;

namespace VSan.BlockServer.Serving;

/// <summary>
/// Sees sessions off: they are asked to log out, waited for, and dropped when their time is over. One drain at a time; meanwhile none of them can
/// log in again, on any ring.
/// </summary>
internal sealed class SessionDrain(IReadOnlyList<RingFrontEnd> rings, EventLog log) : IDisposable
{
    /// <summary>Longest time to log out.</summary>
    internal const int SecondsMax = 600;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>What is wrong with a request, in one sentence; null when nothing is.</summary>
    internal static string? ErrorOf(DrainRequest wanted, IReadOnlyList<TargetConfiguration> targets)
    {
        if (wanted.WithinSeconds is < 1 or > SecondsMax) return $"a drain takes 1 to {SecondsMax} seconds, not {wanted.WithinSeconds}";
        if (wanted.TargetName is { } name && targets.All(target => target.Name != name)) return $"target {name} is not served";
        return wanted.Portal is null || PortalAddress.TryParse(wanted.Portal, out _) ? null : $"portal '{wanted.Portal}' is not ADDRESS:PORT or [ADDRESS]:PORT";
    }

    /// <summary>Does it.</summary>
    /// <param name="wanted">One that has no error.</param>
    /// <param name="cancellation">The server ends: it sees everybody off itself.</param>
    internal async Task<DrainOutcome> RunAsync(DrainRequest wanted, CancellationToken cancellation)
    {
        string? portal = PortalAddress.TryParse(wanted.Portal, out PortalAddress? parsed) ? $"{parsed.EndPoint}" : null;
        var which = new SessionSelection(wanted.TargetName, portal);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _ = await SumAsync(ring => Shut(ring, which)).ConfigureAwait(false);
            int sessions = await SumAsync(ring => ring.RequestLogout(which, (ushort)wanted.WithinSeconds)).ConfigureAwait(false);
            log.Info("draining", ("target", wanted.TargetName ?? "*"), ("portal", portal ?? "*"), ("sessions", sessions));
            await UntilGoneAsync(which, TimeSpan.FromSeconds(wanted.WithinSeconds), cancellation).ConfigureAwait(false);
            int dropped = await SumAsync(ring => ring.DropSessions(which)).ConfigureAwait(false);
            log.Info("drained", ("target", wanted.TargetName ?? "*"), ("portal", portal ?? "*"), ("sessions", sessions), ("dropped", dropped));
            return new DrainOutcome(sessions, dropped);
        }
        finally
        {
            _ = await SumAsync(ring => Shut(ring, null)).ConfigureAwait(false);
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task UntilGoneAsync(SessionSelection which, TimeSpan patience, CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < patience && await SumAsync(ring => ring.CountSessions(which)).ConfigureAwait(false) > 0)
            await Task.Delay(LookAgain, cancellation).ConfigureAwait(false);
    }

    // On all rings before the first is asked: whoever logs out of one must not come back on another.
    private static int Shut(IscsiRing ring, SessionSelection? which)
    {
        ring.Draining = which;
        return 0;
    }

    private async Task<int> SumAsync(Func<IscsiRing, int> ask)
    {
        int sum = 0;
        await Task.WhenAll(rings.Select(ring => ring.RunAsync(() => Interlocked.Add(ref sum, ask(ring.Iscsi))))).ConfigureAwait(false);
        return sum;
    }
}
