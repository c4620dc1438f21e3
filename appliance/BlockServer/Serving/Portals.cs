using System.Net;
using VSan.Interop;
using VSan.Reactor;

namespace VSan.BlockServer.Serving;

/// <summary>
/// The addresses that listen, by the text they were asked for with. All accept on the first ring, which hands each connection to the ring with
/// the fewest. Used by one thread at a time.
/// </summary>
internal sealed class Portals(IReadOnlyList<RingFrontEnd> rings, EventLog log)
{
    private readonly Dictionary<string, Listener> _listeners = new(StringComparer.Ordinal);

    /// <summary>Where the portals listen, in the order asked for; those that could not be opened are missing.</summary>
    internal IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>Binds what is asked for and lacking, and closes what is no longer asked for.</summary>
    /// <returns>The new listeners, which do not accept yet.</returns>
    internal async Task<IReadOnlyList<Listener>> BindAsync(IReadOnlyList<string> wanted, List<string> errors)
    {
        foreach (string gone in _listeners.Keys.Except(wanted, StringComparer.Ordinal).ToArray())
        {
            Listener listener = _listeners[gone];
            await rings[0].RunAsync(listener.Close).ConfigureAwait(false);
            _ = _listeners.Remove(gone);
            log.Info("portal-closed", ("portal", gone));
        }

        List<Listener> added = [];
        foreach (string portal in wanted.Where(portal => !_listeners.ContainsKey(portal)))
        {
            Listener? listener = Listener.TryBind(IPEndPoint.Parse(portal), out int error);
            if (listener is null)
            {
                errors.Add($"portal {portal}: {Errno.Describe(error)}");
                log.Error("portal-failed", ("portal", portal), ("error", Errno.Describe(error)));
                continue;
            }

            _listeners.Add(portal, listener);
            added.Add(listener);
            log.Info("portal-open", ("portal", $"{listener.EndPoint}"));
        }

        Addresses = [.. wanted.Where(_listeners.ContainsKey).Select(portal => $"{_listeners[portal].EndPoint}")];
        return added;
    }

    /// <summary>Accepts on new listeners from now on.</summary>
    internal Task AcceptAsync(IReadOnlyList<Listener> added) => rings[0].RunAsync(() =>
    {
        foreach (Listener listener in added) listener.Start(rings[0].Ring, fd => LeastLoaded().Take(fd));
    });

    private RingFrontEnd LeastLoaded()
    {
        RingFrontEnd best = rings[0];
        foreach (RingFrontEnd ring in rings)
        {
            if (ring.Links < best.Links) best = ring;
        }

        return best;
    }
}
