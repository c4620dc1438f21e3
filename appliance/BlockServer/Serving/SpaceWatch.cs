using VSan.Scsi;

namespace VSan.BlockServer.Serving;

/// <summary>
/// Looks at the space of thin volumes' stores, and says when a soft threshold is crossed. Off the rings, as a filesystem may let whoever asks it
/// wait: three questions to it for each volume and look, however much is written.
/// </summary>
internal sealed class SpaceWatch(ServedConfiguration served, EventLog log)
{
    /// <summary>Between two looks: a store that takes 1 GB/s loses no more meanwhile.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Looks until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            foreach (ServedVolume volume in await served.VolumesAsync(cancellation).ConfigureAwait(false)) Look(volume);
        }
    }

    private void Look(ServedVolume volume)
    {
        if (volume is not { Unit: { Threshold: not null } unit } || volume.Volume!.MeasureSpace() is not { } space) return;
        ThresholdCrossing crossing = unit.Observe(space);
        if (crossing == ThresholdCrossing.Reached)
            log.Error("space-low", ("volume", volume.Configuration.Id), ("availableBytes", space.AvailableBytes), ("thresholdBytes", unit.ThresholdBytes));
        else if (crossing == ThresholdCrossing.Left)
            log.Info("space-recovered", ("volume", volume.Configuration.Id), ("availableBytes", space.AvailableBytes), ("thresholdBytes", unit.ThresholdBytes));
    }
}
