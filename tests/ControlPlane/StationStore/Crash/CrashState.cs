namespace VSan.Tests.ControlPlane.StationStore.Crash;

/// <summary>
/// The files as a power loss may have left them: what was synced is there; of what was not, everything, nothing, some writes, or some
/// sectors of some writes.
/// </summary>
internal static class CrashState
{
    private const int SectorBytes = 512;

    /// <summary>Puts the state after <paramref name="cut"/> events into a folder.</summary>
    /// <returns>The last commit that was acknowledged by then; -1 for none.</returns>
    public static int Build(IReadOnlyList<DiskEvent> events, int cut, Random random, string folder)
    {
        Dictionary<string, int> synced = [];
        int acknowledged = -1, lastSync = -1;
        for (int index = 0; index < cut; index++)
        {
            if (events[index] is DiskEvent.Sync sync) synced[sync.File] = lastSync = index;
            if (events[index] is DiskEvent.Acknowledged told) acknowledged = told.Commit;
        }

        Dictionary<string, FileStream> files = [];
        double kept = random.Next(4) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
        bool torn = random.Next(2) == 0;
        for (int index = 0; index < cut; index++)
        {
            if (events[index] is DiskEvent.Write write) Apply(Open(files, folder, write.File), write, Keep(write.File, index), torn ? random : null);
            else if (events[index] is DiskEvent.Delete { File: var gone } && (index < lastSync || random.Next(2) == 0)) Remove(files, folder, gone);
            else if (events[index] is DiskEvent.Truncate truncate && Keep(truncate.File, index) >= 1) Open(files, folder, truncate.File).SetLength(truncate.Length);
        }

        foreach (FileStream file in files.Values) file.Dispose();
        return acknowledged;

        // A write that was synced is kept whole; another with this chance, or each of its sectors with it.
        double Keep(string file, int index) => index <= synced.GetValueOrDefault(file, -1) || (!torn && random.NextDouble() < kept) ? 1 : torn ? kept : 0;
    }

    private static void Apply(FileStream file, DiskEvent.Write write, double chance, Random? sectors)
    {
        for (int at = 0; at < write.Bytes.Length; at += SectorBytes)
        {
            if (chance < 1 && (sectors is null || sectors.NextDouble() >= chance)) continue;
            file.Position = write.Offset + at;
            file.Write(write.Bytes, at, Math.Min(SectorBytes, write.Bytes.Length - at));
        }
    }

    private static void Remove(Dictionary<string, FileStream> files, string folder, string name)
    {
        if (files.Remove(name, out FileStream? file)) file.Dispose();
        File.Delete(Path.Combine(folder, name));
    }

    private static FileStream Open(Dictionary<string, FileStream> files, string folder, string name) =>
        files.TryGetValue(name, out FileStream? file) ? file : files[name] = File.Create(Path.Combine(folder, name), 1 << 20);
}
