using VSan.BlockServer.Configuration;
using VSan.Contracts.BlockServer;
using VSan.Iscsi;
using VSan.Reactor;
using VSan.Scsi;
using VSan.Volumes;

namespace VSan.BlockServer.Serving;

/// <summary>
/// What this server serves, and the way from one configuration to the next: check → keep a copy → volumes → portals → targets on every ring →
/// accept → close what is gone. One change at a time. A part that fails is reported and does not hold up the others.
/// </summary>
internal sealed class ServedConfiguration(
    IReadOnlyList<RingFrontEnd> rings, SessionRegistry sessions, ConfigurationFile file, EventLog log) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ServedVolumes _volumes = new([.. rings.Select(ring => ring.Volumes)], file.Directory, log);
    private readonly Portals _portals = new(rings, log);
    private BlockServerConfiguration _current = new(0, [], [], []);

    /// <summary>Makes a configuration so.</summary>
    /// <param name="wanted">Whole.</param>
    /// <param name="persist">False at the start, when it comes from the copy.</param>
    internal async Task<ControlAnswer> ApplyAsync(BlockServerConfiguration wanted, bool persist)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            string? refusal = Refusal(wanted);
            if (refusal is null && persist) refusal = file.Write(wanted);
            if (refusal is not null)
            {
                log.Error("configuration-refused", ("generation", wanted.Generation), ("error", refusal));
                return new ControlAnswer(_current.Generation, refusal, null);
            }

            List<string> errors = [];
            await ChangeAsync(wanted, errors).ConfigureAwait(false);
            log.Info("configuration-applied", ("generation", wanted.Generation), ("volumes", wanted.Volumes.Count), ("errors", errors.Count));
            return new ControlAnswer(_current.Generation, errors.Count == 0 ? null : string.Join("; ", errors), null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A picture of what is served.</summary>
    internal async Task<ControlAnswer> InspectAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return new ControlAnswer(_current.Generation, null, new BlockServerInspection(
                _portals.Addresses,
                [.. _volumes.All.Select(Inspect)],
                [.. sessions.Snapshot().Select(Inspect)],
                [.. rings.Select(ring => new RingInspection(ring.Ring.Index, ring.Links, ring.FreeBufferBytes, ring.Ring.Enters))]));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes every volume for good; no change can follow.</summary>
    /// <param name="patience">How long requests under way may take.</param>
    internal async Task CloseAsync(TimeSpan patience)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        await Task.WhenAll(_volumes.All.Select(one => one.Volume?.CloseAsync() ?? Task.CompletedTask))
            .WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Closes every portal.</summary>
    internal async Task StopListeningAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _ = await _portals.BindAsync([], []).ConfigureAwait(false);
        _gate.Release();
    }

    public void Dispose() => _gate.Dispose();

    private string? Refusal(BlockServerConfiguration wanted)
    {
        if (wanted.Generation < _current.Generation)
            return $"generation {wanted.Generation} is older than {_current.Generation}, which is served";
        if (wanted.Generation == _current.Generation && _current.Generation > 0 && !ConfigurationFile.AreEqual(wanted, _current))
            return $"generation {wanted.Generation} is served already, with other content";
        return ConfigurationCheck.FirstErrors(wanted);
    }

    private async Task ChangeAsync(BlockServerConfiguration wanted, List<string> errors)
    {
        IReadOnlyList<Volume> gone = await _volumes.ApplyAsync(wanted.Volumes, errors).ConfigureAwait(false);
        IReadOnlyList<Listener> added = await _portals.BindAsync(wanted.Portals, errors).ConfigureAwait(false);
        var catalog = new TargetCatalog(wanted.Generation, wanted.Targets.Select(TargetOf));
        await Task.WhenAll(rings.Select(ring => ring.RunAsync(() => ring.Iscsi.Apply(catalog)))).ConfigureAwait(false);
        await _portals.AcceptAsync(added).ConfigureAwait(false);
        _current = wanted;
        foreach (Volume volume in gone) await volume.CloseAsync().ConfigureAwait(false);
    }

    private IscsiTarget TargetOf(TargetConfiguration target) => new(target.Name, _portals.Addresses, target.Access.Select(AccessOf));

    private TargetAccess AccessOf(AccessConfiguration access)
    {
        Dictionary<int, TargetLun> luns = [];
        foreach (LogicalUnitConfiguration lun in access.LogicalUnits)
        {
            if (_volumes.Find(lun.VolumeId)?.Unit is { } unit) luns.Add(lun.Lun, new TargetLun(unit, lun.ReadOnly));
        }

        ChapSecret? chap = access.Chap is null ? null : new ChapSecret(access.Chap.UserName, access.Chap.Secret);
        return new TargetAccess(access.InitiatorName, chap, luns);
    }

    private VolumeInspection Inspect(ServedVolume served)
    {
        LogicalUnitCounters[] counters = served.Unit is null
            ? []
            : [.. rings.Select(ring => served.Unit.CountersOf(ring.Ring.Index)).OfType<LogicalUnitCounters>()];
        return new VolumeInspection(
            served.Configuration.Id,
            (long)(served.Volume?.Geometry.CapacityBytes ?? 0),
            served.Volume?.State ?? "failed",
            counters.Sum(one => one.ReadCommands),
            counters.Sum(one => one.WriteCommands),
            counters.Sum(one => one.ReadBytes),
            counters.Sum(one => one.WrittenBytes),
            counters.Sum(one => one.FailedCommands));
    }

    private static SessionInspection Inspect(SessionSnapshot session)
        => new(session.InitiatorName, session.TargetName ?? string.Empty, session.Tsih, session.Peer, session.InFlight, session.Commands);
}
