using VSan.BlockServer.Configuration;
using VSan.Interop;
using VSan.Iscsi;
using VSan.Reactor;

namespace VSan.BlockServer.Serving;

/// <summary>
/// The addresses that listen, by the text they were asked for with. All accept on the first ring, which hands each connection to the ring with
/// the fewest. Used by one thread at a time.
/// </summary>
internal sealed class Portals(IReadOnlyList<RingFrontEnd> rings, EventLog log)
{
    private readonly Dictionary<string, Portal> _portals = new(StringComparer.Ordinal);

    /// <summary>A portal that is open.</summary>
    internal sealed record Portal(Listener Listener, ushort GroupTag);

    /// <summary>Where the portals listen, in the order asked for; those that could not be opened are missing.</summary>
    internal IReadOnlyList<TargetPortal> Open { get; private set; } = [];

    /// <summary>Binds what is asked for and lacking, and closes what is no longer asked for.</summary>
    /// <returns>The new listeners, which do not accept yet.</returns>
    internal async Task<IReadOnlyList<Portal>> BindAsync(IReadOnlyList<string> wanted, List<string> errors)
    {
        foreach (string gone in _portals.Keys.Except(wanted, StringComparer.Ordinal).ToArray())
        {
            Listener listener = _portals[gone].Listener;
            await rings[0].RunAsync(listener.Close).ConfigureAwait(false);
            _ = _portals.Remove(gone);
            log.Info("portal-closed", ("portal", gone));
        }

        List<Portal> added = [];
        foreach (string portal in wanted.Where(portal => !_portals.ContainsKey(portal)))
        {
            int error = 0;
            if (!PortalAddress.TryParse(portal, out PortalAddress? address) || Listener.TryBind(address.EndPoint, out error) is not { } listener)
            {
                errors.Add($"portal {portal}: {Errno.Describe(error)}");
                log.Error("portal-failed", ("portal", portal), ("error", Errno.Describe(error)));
                continue;
            }

            Portal opened = new(listener, address.GroupTag);
            _portals.Add(portal, opened);
            added.Add(opened);
            log.Info("portal-open", ("portal", $"{listener.EndPoint}"));
        }

        Open = [.. wanted.Where(_portals.ContainsKey).Select(portal => _portals[portal]).Select(portal => new TargetPortal($"{portal.Listener.EndPoint}", portal.GroupTag))];
        return added;
    }

    /// <summary>Accepts on new listeners from now on.</summary>
    internal Task AcceptAsync(IReadOnlyList<Portal> added) => rings[0].RunAsync(() =>
    {
        foreach (Portal portal in added) portal.Listener.Start(rings[0].Ring, fd => LeastLoaded().Take(fd, portal.GroupTag));
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
