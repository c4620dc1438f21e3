using VSan.BlockServer.Configuration;
using VSan.BlockServer.Inspection;
using VSan.Contracts.BlockServer;
using VSan.Iscsi;
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
    private readonly SessionDrain _drain = new(rings, log);
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
    internal async Task<ServerPicture> LookAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            RingPicture[] pictures = await Task.WhenAll(rings.Select(RingPicture.OfAsync)).ConfigureAwait(false);
            return new ServerPicture(
                _current.Generation,
                [.. _portals.Open.Select(portal => portal.Address)],
                [.. _volumes.All.Select(one => VolumePicture.Of(one, rings))],
                sessions.Snapshot(),
                sessions.TotalsByAccess(),
                pictures);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The volumes as they are now.</summary>
    internal async Task<IReadOnlyList<ServedVolume>> VolumesAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return [.. _volumes.All];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes a group of snapshots; configurations wait meanwhile, commands for as long as it takes to copy no bytes.</summary>
    internal async Task<ControlAnswer> SnapshotAsync(IReadOnlyList<SnapshotRequest> wanted)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            string? error = SnapshotCheck.FirstError(wanted, _volumes)
                ?? await SnapshotGroup.MakeAsync([.. wanted.Select(each => ((VolumeFile)_volumes.Find(each.VolumeId)!.Volume!, each.Path))]).ConfigureAwait(false);
            if (error is null) log.Info("snapshots-made", ("volumes", wanted.Count), ("first", wanted[0].Path));
            else log.Error("snapshots-failed", ("volumes", wanted.Count), ("error", error));
            return new ControlAnswer(_current.Generation, error, null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sees sessions off; configurations do not wait meanwhile.</summary>
    internal async Task<ControlAnswer> DrainAsync(DrainRequest wanted, CancellationToken cancellation)
    {
        string? error = SessionDrain.ErrorOf(wanted, _current.Targets);
        DrainOutcome? outcome = error is null ? await _drain.RunAsync(wanted, cancellation).ConfigureAwait(false) : null;
        return new ControlAnswer(_current.Generation, error, null) { Drain = outcome };
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

    public void Dispose()
    {
        _gate.Dispose();
        _drain.Dispose();
    }

    private string? Refusal(BlockServerConfiguration wanted)
    {
        if (wanted.Generation < _current.Generation)
            return $"generation {wanted.Generation} is older than {_current.Generation}, which is served";
        if (wanted.Generation == _current.Generation && _current.Generation > 0 && !ConfigurationFile.AreEqual(wanted with { SelfTest = null }, _current with { SelfTest = null }))
            return $"generation {wanted.Generation} is served already, with other content";
        return ConfigurationCheck.FirstErrors(Whole(wanted));
    }

    private static BlockServerConfiguration Whole(BlockServerConfiguration wanted) => wanted.SelfTest is not { } test ? wanted : wanted with
    {
        Volumes = [.. wanted.Volumes, test.Volume],
        Targets = [.. wanted.Targets, test.Target],
    };

    private async Task ChangeAsync(BlockServerConfiguration wanted, List<string> errors)
    {
        BlockServerConfiguration whole = Whole(wanted);
        IReadOnlyList<Volume> gone = await _volumes.ApplyAsync(whole.Volumes, errors).ConfigureAwait(false);
        IReadOnlyList<Portals.Portal> added = await _portals.BindAsync(wanted.Portals, errors).ConfigureAwait(false);
        var catalog = new TargetCatalog(wanted.Generation, whole.Targets.Select(TargetOf), DiscoveryOf(wanted.Discovery));
        await Task.WhenAll(rings.Select(ring => ring.RunAsync(() => ring.Iscsi.Apply(catalog)))).ConfigureAwait(false);
        await _portals.AcceptAsync(added).ConfigureAwait(false);
        _current = wanted;
        foreach (Volume volume in gone) await volume.CloseAsync().ConfigureAwait(false);
    }

    private static DiscoveryAccess? DiscoveryOf(DiscoveryConfiguration? discovery)
        => discovery is null ? null : new DiscoveryAccess(SecretOf(discovery.Chap)!, SecretOf(discovery.TargetChap));

    private IscsiTarget TargetOf(TargetConfiguration target) => new(
        target.Name,
        _portals.Open,
        target.Access.Select(AccessOf),
        target.PortalGroups is { } tags ? [.. tags.Select(tag => (ushort)tag)] : null,
        target.PortalGroupStates?.ToDictionary(one => (ushort)one.PortalGroup, one => StateOf(one.State)));

    private TargetAccess AccessOf(AccessConfiguration access)
    {
        Dictionary<int, TargetLun> luns = [];
        foreach (LogicalUnitConfiguration lun in access.LogicalUnits)
        {
            if (_volumes.Find(lun.VolumeId)?.Unit is { } unit) luns.Add(lun.Lun, new TargetLun(unit, lun.ReadOnly));
        }

        return new TargetAccess(access.InitiatorName, SecretOf(access.Chap), luns, SecretOf(access.TargetChap));
    }

    private static AsymmetricAccessState StateOf(AccessState state) => state switch
    {
        AccessState.ActiveOptimized => AsymmetricAccessState.ActiveOptimized,
        AccessState.ActiveNonOptimized => AsymmetricAccessState.ActiveNonOptimized,
        AccessState.Standby => AsymmetricAccessState.Standby,
        AccessState.Unavailable => AsymmetricAccessState.Unavailable,
        AccessState.Transitioning => AsymmetricAccessState.Transitioning,
    };

    private static ChapSecret? SecretOf(ChapCredential? chap) => chap is null ? null : new ChapSecret(chap.UserName, chap.Secret) { FormerSecret = chap.FormerSecret };
}
