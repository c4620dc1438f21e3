namespace VSan.Tests.ControlPlane.StationStore.Crash;

/// <summary>What SQLite asked of the disk, or what the test was told.</summary>
internal abstract record DiskEvent
{
    /// <summary>Bytes were handed to the kernel; until a sync of that file they may be lost, all or some sectors of them.</summary>
    public sealed record Write(string File, long Offset, byte[] Bytes) : DiskEvent;

    /// <summary>A file was cut; until a sync it may not have been.</summary>
    public sealed record Truncate(string File, long Length) : DiskEvent;

    /// <summary>Everything before it in that file is durable.</summary>
    public sealed record Sync(string File) : DiskEvent;

    /// <summary>A file was removed. The next file that is synced is a new one, the log, and with a new file SQLite syncs the directory; until then it may be back.</summary>
    public sealed record Delete(string File) : DiskEvent;

    /// <summary>A commit was acknowledged: from here on it must be there.</summary>
    public sealed record Acknowledged(int Commit) : DiskEvent;
}
