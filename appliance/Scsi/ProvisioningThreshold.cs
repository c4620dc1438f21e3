using System.Numerics;
using VSan.Block;

namespace VSan.Scsi;

/// <summary>What a look at the space found.</summary>
public enum ThresholdCrossing
{
    /// <summary>All is as it was.</summary>
    None,

    /// <summary>Less is left than the threshold says, as of now.</summary>
    Reached,

    /// <summary>There is room again.</summary>
    Left,
}

/// <summary>
/// The soft threshold of a thin logical unit (SBC-3): armed decreasing, on what its store has left. One thread looks; any reads.
/// <code>
///   Armed ──available below the threshold range──► Reached, told once ──above the range, or disabled──► Armed
/// </code>
/// </summary>
/// <remarks>The range is one threshold set wide with the threshold in its middle, so that a store that hovers there does not tell again and again.</remarks>
/// <param name="space">As first seen.</param>
/// <param name="blockSizeBytes">Logical block size.</param>
public sealed class ProvisioningThreshold(VolumeSpace space, int blockSizeBytes)
{
    /// <summary>The threshold set: counts are in this unit, and the range is as wide. 32 bits of it are 64 PiB.</summary>
    public const long SetBytes = 16 * 1024 * 1024;

    private VolumeSpace _space = space;
    private bool _isReached;

    /// <summary>As last seen.</summary>
    public VolumeSpace Space => Volatile.Read(ref _space);

    /// <summary>True from the crossing on until there is room again.</summary>
    public bool IsReached => Volatile.Read(ref _isReached);

    /// <summary>THRESHOLD EXPONENT: blocks of a threshold set, as a power of 2.</summary>
    internal byte Exponent => (byte)BitOperations.Log2((ulong)(SetBytes / blockSizeBytes));

    /// <summary>Threshold sets in so many bytes.</summary>
    internal static uint SetsOf(long bytes) => (uint)Math.Min(bytes / SetBytes, uint.MaxValue);

    /// <summary>Takes note of the space.</summary>
    internal ThresholdCrossing Observe(VolumeSpace now, ModeSettings settings)
    {
        Volatile.Write(ref _space, now);
        long centre = settings.ThresholdCount * SetBytes;
        bool reached = settings.ThresholdEnabled && now.AvailableBytes < centre + (_isReached ? SetBytes / 2 : -SetBytes / 2);
        if (reached == _isReached) return ThresholdCrossing.None;
        Volatile.Write(ref _isReached, reached);
        return reached ? ThresholdCrossing.Reached : ThresholdCrossing.Left;
    }
}
