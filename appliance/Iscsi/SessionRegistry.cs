using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// The sessions of all rings. Locked: touched at login, at the end of a session and by people who look; never for a command.
/// </summary>
public sealed class SessionRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, IscsiSession> _byTsih = [];
    private readonly List<IscsiRing> _rings = [];
    private ushort _lastTsih;

    /// <summary>A picture of every session. Any thread.</summary>
    public IReadOnlyList<SessionSnapshot> Snapshot()
    {
        lock (_gate)
        {
            return [.. _byTsih.Values.Select(session => new SessionSnapshot(
                session.InitiatorName,
                session.Target?.Name,
                session.Tsih,
                session.Connection.Peer,
                session.Connection.Ring.RingIndex,
                session.InFlight,
                session.Commands))];
        }
    }

    internal void Add(IscsiRing ring)
    {
        lock (_gate) _rings.Add(ring);
    }

    /// <summary>Gives a session its TSIH, unless there are too many.</summary>
    /// <param name="session">The new one.</param>
    /// <param name="replaced">The session of the same initiator port and target, which must end first (RFC 7143, 6.3.5).</param>
    internal bool TryJoin(IscsiSession session, out IscsiSession? replaced)
    {
        int sessionsMax = session.Connection.Ring.Limits.SessionsMax;
        lock (_gate)
        {
            replaced = session.Target is null ? null : _byTsih.Values.FirstOrDefault(other => IsSamePort(other, session));
            if (replaced is not null) _byTsih.Remove(replaced.Tsih);
            if (_byTsih.Count >= Math.Min(sessionsMax, ushort.MaxValue - 1)) return false;

            // 0 means a new session on the wire, so it names none.
            do _lastTsih++;
            while (_lastTsih == 0 || _byTsih.ContainsKey(_lastTsih));
            session.Tsih = _lastTsih;
            _byTsih.Add(_lastTsih, session);
            return true;
        }
    }

    /// <summary>True while a session has this TSIH.</summary>
    internal bool Exists(ushort tsih)
    {
        lock (_gate) return _byTsih.ContainsKey(tsih);
    }

    internal void Leave(IscsiSession session)
    {
        lock (_gate)
        {
            // A replaced session left when its successor joined, and its TSIH may name another by now.
            if (_byTsih.TryGetValue(session.Tsih, out IscsiSession? current) && ReferenceEquals(current, session)) _byTsih.Remove(session.Tsih);
        }
    }

    /// <summary>Ends every command on <paramref name="unit"/> on all rings but that of <paramref name="by"/>, where the ends are told.</summary>
    internal void AbortOnOtherRings(LogicalUnit unit, IscsiConnection by, PendingFunction waiting)
    {
        IscsiRing own = by.Ring;
        IscsiRing[] rings;
        lock (_gate) rings = [.. _rings];
        foreach (IscsiRing ring in rings)
        {
            if (ReferenceEquals(ring, own)) continue;
            waiting.Add();
            ring.Mailbox.Post(() =>
            {
                var theirs = new PendingFunction(() => own.Mailbox.Post(waiting.Done));
                ring.AbortAll(unit, by, theirs);
                theirs.Done();
            });
        }
    }

    /// <summary>Ends the commands of <paramref name="affected"/> nexuses on <paramref name="unit"/>, on all rings.</summary>
    /// <param name="own">Where <paramref name="done"/> runs, once the medium is at rest.</param>
    /// <param name="unit">Which logical unit.</param>
    /// <param name="affected">Whose.</param>
    /// <param name="done">Tells the end.</param>
    internal void AbortOf(IscsiRing own, LogicalUnit unit, Func<ScsiNexus, bool> affected, Action done)
    {
        IscsiRing[] rings;
        lock (_gate) rings = [.. _rings];
        var waiting = new PendingFunction(done);
        foreach (IscsiRing ring in rings)
        {
            waiting.Add();
            ring.Mailbox.Post(() =>
            {
                var theirs = new PendingFunction(() => own.Mailbox.Post(waiting.Done));
                ring.AbortOf(unit, affected, theirs);
                theirs.Done();
            });
        }

        waiting.Done();
    }

    private static bool IsSamePort(IscsiSession other, IscsiSession session) =>
        other.Isid == session.Isid && other.Target?.Name == session.Target!.Name && other.InitiatorName == session.InitiatorName;
}
