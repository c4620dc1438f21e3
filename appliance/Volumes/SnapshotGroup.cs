namespace VSan.Volumes;

/// <summary>
/// Snapshots of several volumes that share one point in time: hold all → nothing under way → copy all → release all. Used by one thread at a time.
/// </summary>
/// <remarks>A failure removes what was made and lets every volume go on: there is a whole group, or none.</remarks>
public static class SnapshotGroup
{
    // A host waits that long at most; an initiator's own patience is 30 s and more.
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(5);

    /// <summary>Makes the group.</summary>
    /// <param name="snapshots">Each volume once, and the file that its snapshot becomes.</param>
    /// <returns>Null, or why there is none.</returns>
    public static async Task<string?> MakeAsync(IReadOnlyList<(VolumeFile Volume, string Path)> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        int there = snapshots.Count(each => File.Exists(each.Path));
        if (there == snapshots.Count) return null;
        if (there > 0) return $"{snapshots.First(each => File.Exists(each.Path)).Path} is there already, another of the group is not: remove it, or give other paths";
        bool[] held = await Task.WhenAll(snapshots.Select(each => each.Volume.TryHoldAsync(HoldTime))).ConfigureAwait(false);
        try
        {
            return held.All(each => each) ? await Task.Run(() => CopyAll(snapshots)).ConfigureAwait(false) : $"requests under way did not end within {HoldTime.TotalSeconds:0} s";
        }
        finally
        {
            await Task.WhenAll(snapshots.Where((_, index) => held[index]).Select(each => each.Volume.ReleaseAsync())).ConfigureAwait(false);
        }
    }

    private static string? CopyAll(IReadOnlyList<(VolumeFile Volume, string Path)> snapshots)
    {
        for (int made = 0; made < snapshots.Count; made++)
        {
            string? error = snapshots[made].Volume.CloneTo(snapshots[made].Path);
            if (error is null) continue;
            foreach ((_, string path) in snapshots.Take(made)) File.Delete(path);
            return $"{snapshots[made].Path}: {error}";
        }

        return null;
    }
}
