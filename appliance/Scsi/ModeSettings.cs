namespace VSan.Scsi;

/// <summary>
/// What MODE SELECT can change, shared by all nexuses of a logical unit (SPC-4, mode page policy). Immutable: a change is a new value. Not kept: a
/// reset and a new start bring the defaults back.
/// </summary>
internal sealed record ModeSettings
{
    /// <summary>SWP of the control page: no nexus may write.</summary>
    public bool SoftwareWriteProtect { get; init; }

    /// <summary>D_SENSE of the control page: sense data comes in descriptor format.</summary>
    public bool DescriptorSense { get; init; }

    /// <summary>LBPERE of the read-write error recovery page: thresholds are told to initiators.</summary>
    public bool ReportsThresholds { get; init; }

    /// <summary>ENABLED of the threshold descriptor.</summary>
    public bool ThresholdEnabled { get; init; }

    /// <summary>THRESHOLD COUNT, in units of <see cref="ProvisioningThreshold.SetBytes"/>.</summary>
    public uint ThresholdCount { get; init; }
}
