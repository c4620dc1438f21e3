using VSan.HostAgent.State;

namespace VSan.HostAgent;

/// <summary>What a person asks for.</summary>
/// <param name="SizeBytes">Capacity; 0: a volume that this host has been given already.</param>
/// <param name="Layout">How it lies over its legs.</param>
/// <param name="Policy">The policy that fills in what is left open, or null.</param>
/// <param name="FileSystem">The filesystem on it, or null.</param>
/// <param name="MountPath">Where it is mounted, or null.</param>
internal sealed record VolumeWish(long SizeBytes, string Layout, string? Policy, FileSystemKind? FileSystem, string? MountPath)
{
    /// <summary>How full the filesystem may be, in percent, before more is asked for; null asks for nothing.</summary>
    public int? GrowAtPercent { get; init; }

    /// <summary>How much more is asked for at a time.</summary>
    public long GrowByBytes { get; init; }
}
