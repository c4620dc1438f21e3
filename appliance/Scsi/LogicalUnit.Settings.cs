using VSan.Block;

namespace VSan.Scsi;

/// <summary>What initiators may change of a logical unit, and what it says of its store's space.</summary>
public sealed partial class LogicalUnit
{
    private ModeSettings _mode = new();
    private ModeSettings _defaultMode = new();

    /// <summary>The soft threshold; null where the volume is thick or its store's space is not known.</summary>
    public ProvisioningThreshold? Threshold { get; }

    /// <summary>Where the threshold stands, in bytes that are left; null without one, or while it is disabled.</summary>
    public long? ThresholdBytes => Threshold is not null && Mode.ThresholdEnabled ? Mode.ThresholdCount * ProvisioningThreshold.SetBytes : null;

    /// <summary>Current values of the changeable mode parameters.</summary>
    internal ModeSettings Mode => Volatile.Read(ref _mode);

    /// <summary>Their values after a reset.</summary>
    internal ModeSettings DefaultMode => Volatile.Read(ref _defaultMode);

    /// <summary>
    /// Where the threshold shall stand unless an initiator moves it. Without a MODE SELECT, so that every nexus is told if it is a change (SPC-4,
    /// MODE PARAMETERS CHANGED). One thread at a time.
    /// </summary>
    /// <param name="percent">Of the store's size, as it is now; 0 for no threshold.</param>
    public void PlaceThreshold(int percent)
    {
        if (Threshold is null) return;
        uint count = ProvisioningThreshold.SetsOf(Threshold.Space.StoreBytes / 100 * percent);
        ModeSettings wanted = new() { ReportsThresholds = percent > 0, ThresholdEnabled = percent > 0, ThresholdCount = count };
        if (wanted == DefaultMode) return;
        Volatile.Write(ref _defaultMode, wanted);
        ChangeMode(wanted with { SoftwareWriteProtect = Mode.SoftwareWriteProtect, DescriptorSense = Mode.DescriptorSense }, by: null);
    }

    /// <summary>Takes note of the space that is left; every nexus is told when the threshold is reached. One thread at a time, any but a ring's.</summary>
    public ThresholdCrossing Observe(VolumeSpace space)
    {
        ModeSettings mode = Mode;
        ThresholdCrossing crossing = Threshold?.Observe(space, mode) ?? ThresholdCrossing.None;
        if (crossing == ThresholdCrossing.Reached && mode.ReportsThresholds) Reservations.Tell(SharedAttentions.ThinThresholdReached, by: null);
        return crossing;
    }

    /// <summary>Makes the settings so, and tells every nexus but the one that did it.</summary>
    internal void ChangeMode(ModeSettings settings, LunSlot? by)
    {
        if (Mode == settings) return;
        Volatile.Write(ref _mode, settings);
        Reservations.Tell(SharedAttentions.ModeParametersChanged, by);
    }
}
