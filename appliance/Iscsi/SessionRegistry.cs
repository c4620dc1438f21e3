using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// The sessions of all rings. Locked: touched at login, at the end of a session and by people who look; never for a command.
/// </summary>
public sealed class SessionRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, IscsiSession> _byTsih = [];
    private readonly Dictionary<string, CommandTotals> _ended = new(StringComparer.Ordinal);
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
                string.Join(',', session.Connections.Select(connection => connection.Peer)),
                session.Ring.RingIndex,
                session.InFlight,
                session.Commands)
            {
                Age = session.Ring.Time.GetElapsedTime(session.LoggedInAt),
                Parameters = $"{session.Connections[0].Parameters},{session.Parameters}",
                AccessName = session.Access?.InitiatorName,
                Totals = new CommandTotals().Add(session.Measures),
            })];
        }
    }

    /// <summary>
    /// What was counted by the entry of the access list that let it in, also for sessions that have ended, so that no sum ever falls. Any thread.
    /// </summary>
    /// <remarks>One entry for each name that the configuration had since start: initiators that <see cref="TargetAccess.Anybody"/> let in share one.</remarks>
    public IReadOnlyDictionary<string, CommandTotals> TotalsByAccess()
    {
        var totals = new Dictionary<string, CommandTotals>(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach ((string name, CommandTotals ended) in _ended) Of(totals, name).Add(ended);
            foreach (IscsiSession session in _byTsih.Values.Where(session => session.Access is not null)) Of(totals, session.Access!.InitiatorName).Add(session.Measures);
        }

        return totals;
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
        int sessionsMax = session.Ring.Limits.SessionsMax;
        lock (_gate)
        {
            replaced = session.Target is null ? null : _byTsih.Values.FirstOrDefault(other => IsSamePort(other, session));
            if (replaced is not null) Remove(replaced);
            if (_byTsih.Count >= Math.Min(sessionsMax, ushort.MaxValue - 1)) return false;

            // 0 means a new session on the wire, so it names none.
            do _lastTsih++;
            while (_lastTsih == 0 || _byTsih.ContainsKey(_lastTsih));
            session.Tsih = _lastTsih;
            _byTsih.Add(_lastTsih, session);
            return true;
        }
    }

    /// <summary>The session with this TSIH, or null. It lives on a ring's thread; what is asked of it here is which.</summary>
    internal IscsiSession? Find(ushort tsih)
    {
        lock (_gate) return _byTsih.GetValueOrDefault(tsih);
    }

    internal void Leave(IscsiSession session)
    {
        lock (_gate)
        {
            // A replaced session left when its successor joined, and its TSIH may name another by now.
            if (_byTsih.TryGetValue(session.Tsih, out IscsiSession? current) && ReferenceEquals(current, session)) Remove(session);
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

    /// <summary>Ends every session of a target, each on its own ring, behind what it still has to send. Any thread.</summary>
    internal void EndSessionsOf(string targetName)
    {
        IscsiSession[] theirs;
        lock (_gate) theirs = [.. _byTsih.Values.Where(session => session.Target?.Name == targetName)];
        foreach (IscsiSession session in theirs) session.Ring.Mailbox.Post(() => session.End(afterSend: true));
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

    private void Remove(IscsiSession session)
    {
        _ = _byTsih.Remove(session.Tsih);
        if (session.Access is { } access) Of(_ended, access.InitiatorName).Add(session.Measures);
    }

    private static CommandTotals Of(Dictionary<string, CommandTotals> totals, string name)
    {
        if (!totals.TryGetValue(name, out CommandTotals? found)) totals[name] = found = new CommandTotals();
        return found;
    }

    private static bool IsSamePort(IscsiSession other, IscsiSession session) =>
        other.Isid == session.Isid && other.Target?.Name == session.Target!.Name && other.InitiatorName == session.InitiatorName;
}
