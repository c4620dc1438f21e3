using VSan.Block;
using VSan.BlockServer.Reservations;
using VSan.Contracts.BlockServer;
using VSan.Scsi;
using VSan.Scsi.Reservations;
using VSan.Volumes;

namespace VSan.BlockServer.Serving;

/// <summary>One volume that is asked for: open, or the reason why it is not.</summary>
/// <param name="Configuration">As asked for.</param>
/// <param name="Volume">The blocks; null when it could not be opened.</param>
/// <param name="Unit">The volume as SCSI sees it; null with it.</param>
/// <param name="Error">Why there is none, or why it did not grow.</param>
internal sealed record ServedVolume(VolumeConfiguration Configuration, Volume? Volume, LogicalUnit? Unit, string? Error);

/// <summary>The volumes that are open, by id. Used by one thread at a time.</summary>
internal sealed class ServedVolumes(IReadOnlyList<VolumeRing> rings, string stateDirectory, EventLog log)
{
    private readonly Dictionary<Guid, ServedVolume> _byId = [];

    internal IReadOnlyCollection<ServedVolume> All => _byId.Values;

    internal ServedVolume? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>Opens and grows volumes; those that are to go, or to be opened anew, are returned and no longer known.</summary>
    internal async Task<IReadOnlyList<Volume>> ApplyAsync(IReadOnlyList<VolumeConfiguration> wanted, List<string> errors)
    {
        List<Volume> gone = [];
        foreach (Guid id in _byId.Keys.Except(wanted.Select(one => one.Id)).ToArray())
        {
            if (_byId[id].Volume is { } volume) gone.Add(volume);
            _ = _byId.Remove(id);
            log.Info("volume-removed", ("volume", id));
        }

        foreach (VolumeConfiguration configuration in wanted) await CloseMovedAsync(configuration).ConfigureAwait(false);

        // Each waits for its filesystem: a thousand one after the other would keep initiators waiting after a restart.
        var served = new ServedVolume[wanted.Count];
        await Parallel.ForAsync(0, wanted.Count, async (index, _) => served[index] = await ServeAsync(wanted[index]).ConfigureAwait(false)).ConfigureAwait(false);
        foreach (ServedVolume one in served) Keep(one, errors);
        return gone;
    }

    // Another file under the same id: the old one has to be quiet before the new one is served.
    private async Task CloseMovedAsync(VolumeConfiguration configuration)
    {
        if (Find(configuration.Id) is not { Volume: { } volume } served || IsSamePlace(served.Configuration, configuration)) return;
        await volume.CloseAsync().ConfigureAwait(false);
        _ = _byId.Remove(configuration.Id);
    }

    private async Task<ServedVolume> ServeAsync(VolumeConfiguration configuration)
        => Find(configuration.Id) is { Volume: not null } served ? Adjust(served, configuration) : await OpenAsync(configuration).ConfigureAwait(false);

    private void Keep(ServedVolume served, List<string> errors)
    {
        _byId[served.Configuration.Id] = served;
        if (served.Error is null) return;
        errors.Add($"volume {served.Configuration.Id}: {served.Error}");
        log.Error("volume-failed", ("volume", served.Configuration.Id), ("error", served.Error));
    }

    private async Task<ServedVolume> OpenAsync(VolumeConfiguration configuration)
    {
        var geometry = new VolumeGeometry(
            configuration.BlockSizeBytes,
            PhysicalBlockSizeBytes: 4096,
            new BlockCount((ulong)(configuration.SizeBytes / configuration.BlockSizeBytes)),
            UnmapGranularityBlocks: 4096 / configuration.BlockSizeBytes,
            configuration.Thin,
            UnmapErases: configuration is { Kind: VolumeKind.Memory, Thin: true });

        // First, as it may have to be refused: serving without them would let in whom they kept out.
        ReservationTable? reservations = ReservationsOf(configuration, out string? error);
        if (reservations is null) return new ServedVolume(configuration, null, null, error);
        (Volume? volume, error) = await OpenAsync(configuration, geometry).ConfigureAwait(false);
        if (volume is null) return new ServedVolume(configuration, null, null, error);
        if (configuration.Limits is not null) volume.SetLimit(LimitOf(configuration));
        log.Info(
            "volume-open",
            ("volume", configuration.Id),
            ("bytes", configuration.SizeBytes),
            ("direct", volume is VolumeFile { IsDirect: true } or BlockDeviceVolume),
            ("disk", (volume as BlockDeviceVolume)?.Identity ?? "-"));
        return new ServedVolume(configuration, volume, UnitOf(configuration, volume, reservations), null);
    }

    private async Task<(Volume? Volume, string? Error)> OpenAsync(VolumeConfiguration configuration, VolumeGeometry geometry) => configuration.Kind switch
    {
        VolumeKind.File when Sabotage.KeepsWritesInMemory => (new MemoryVolume(geometry, rings), null),
        VolumeKind.File => (VolumeFile.TryOpen(configuration.Path!, geometry, rings, out string? error), error),
        VolumeKind.Device => await BlockDeviceVolume.OpenAsync(configuration.Path!, geometry, configuration.DeviceIdentity, rings).ConfigureAwait(false),
        VolumeKind.Memory => (new MemoryVolume(geometry, rings), null),
    };

    private ReservationTable? ReservationsOf(VolumeConfiguration configuration, out string? error)
        => new ReservationFile(stateDirectory, configuration.Naa, log).Load(out error);

    private ServedVolume Adjust(ServedVolume served, VolumeConfiguration configuration)
    {
        Volume volume = served.Volume!;
        if (served.Configuration.Thin != configuration.Thin)
            return served with { Error = "thin or thick is decided when it is opened: remove it from the configuration and add it again" };
        string? error = volume.Grow(new BlockCount((ulong)(configuration.SizeBytes / configuration.BlockSizeBytes)));
        if (error is not null) return served with { Error = error };
        if (served.Configuration.Limits != configuration.Limits) volume.SetLimit(LimitOf(configuration));
        VolumeConfiguration before = served.Configuration with
        {
            SizeBytes = configuration.SizeBytes,
            SoftThresholdPercent = configuration.SoftThresholdPercent,
            Limits = configuration.Limits,
        };
        if (before == configuration)
        {
            PlaceThreshold(served.Unit!, configuration);
            return new ServedVolume(configuration, volume, served.Unit, null);
        }

        // Another NAA name is another logical unit, with reservations of its own.
        ReservationTable? reservations = served.Configuration.Naa == configuration.Naa ? served.Unit!.Reservations : ReservationsOf(configuration, out error);
        return reservations is null ? served with { Error = error } : new ServedVolume(configuration, volume, UnitOf(configuration, volume, reservations), null);
    }

    private static RateLimit? LimitOf(VolumeConfiguration configuration) => configuration.Limits is { } limits
        ? new RateLimit(limits.MaxIops, limits.MaxBytesPerSecond, TimeSpan.FromSeconds(limits.BurstSeconds), TimeProvider.System)
        : null;

    private static bool IsSamePlace(VolumeConfiguration one, VolumeConfiguration other)
        => one.Kind == other.Kind && one.Path == other.Path && one.BlockSizeBytes == other.BlockSizeBytes && one.DeviceIdentity == other.DeviceIdentity;

    private LogicalUnit UnitOf(VolumeConfiguration configuration, Volume volume, ReservationTable reservations)
    {
        var identity = new LogicalUnitIdentity(configuration.Naa, configuration.SerialNumber);
        var unit = new LogicalUnit(volume, identity, configuration.WriteCache, reservations, volume.MeasureSpace(), rings.Count);
        PlaceThreshold(unit, configuration);
        return unit;
    }

    private static void PlaceThreshold(LogicalUnit unit, VolumeConfiguration configuration)
        => unit.PlaceThreshold(configuration.SoftThresholdPercent ?? VolumeConfiguration.SoftThresholdPercentDefault);
}
