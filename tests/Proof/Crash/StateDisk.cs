using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Crash;

/// <summary>
/// Rebuilds the disk as it was after a power loss: up to the last flush every write, behind it FUA writes and what fate leaves of the rest.
/// The flushed part only grows, so states come in the order of their cuts.
/// </summary>
internal sealed class StateDisk : IDisposable
{
    private const int PageSectors = 8;
    private readonly FileStream _log;
    private readonly IReadOnlyList<LogEntry> _entries;
    private readonly string _basePath;
    private readonly FileStream _base;
    private readonly bool[] _written;
    private int _flushed;

    public StateDisk(string logPath, IReadOnlyList<LogEntry> entries, string basePath, long sizeBytes)
    {
        (_entries, _basePath) = (entries, basePath);
        _log = File.OpenRead(logPath);
        _base = new FileStream(basePath, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _base.SetLength(sizeBytes);
        _written = new bool[sizeBytes / WriteLog.SectorBytes / PageSectors];
    }

    /// <summary>Makes an image of one state.</summary>
    public async Task BuildAsync(CrashState state, string imagePath)
    {
        int lastFlush = state.Cut;
        while (lastFlush > _flushed && (_entries[lastFlush - 1].Flags & LogFlags.Flush) == 0) lastFlush--;
        for (; _flushed < lastFlush; _flushed++) Apply(_base, _entries[_flushed], 0, _entries[_flushed].SectorCount);
        (await ToolRun.RunAsync("cp", ["--sparse=always", _basePath, imagePath])).Succeeded();
        await using FileStream image = new(imagePath, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        Random coins = new(state.Seed);
        for (int i = _flushed; i < state.Cut; i++)
        {
            LogEntry entry = _entries[i];
            (int from, int to) = (entry.Flags & LogFlags.ForceUnitAccess) != 0 ? (0, entry.SectorCount) : Surviving(state.Fate, entry.SectorCount, coins);
            Apply(image, entry, from, to);
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        _base.Dispose();
        File.Delete(_basePath);
    }

    private static (int From, int To) Surviving(Fate fate, int sectors, Random coins) => fate switch
    {
        Fate.All => (0, sectors),
        Fate.None => (0, 0),
        Fate.Subset => coins.Next(2) == 0 ? (0, 0) : (0, sectors),
        Fate.Torn => coins.Next(3) switch
        {
            0 => (0, 0),
            1 => (0, sectors),
            _ => Order(coins.Next(sectors + 1), coins.Next(sectors + 1)),
        },
    };

    private static (int From, int To) Order(int one, int other) => (Math.Min(one, other), Math.Max(one, other));

    private void Apply(FileStream disk, LogEntry entry, int from, int to)
    {
        if (to <= from) return;
        bool discard = (entry.Flags & LogFlags.Discard) != 0;
        byte[] data = new byte[(to - from) * WriteLog.SectorBytes];
        long at = entry.DataOffset + ((long)from * WriteLog.SectorBytes);
        if (!discard && RandomAccess.Read(_log.SafeFileHandle, data, at) != data.Length) throw new EndOfStreamException("The write log is cut.");
        long first = (entry.Sector + from) / PageSectors, last = (entry.Sector + to - 1) / PageSectors;

        if (ReferenceEquals(disk, _base))
        {
            // Zeroes over what nobody has written need no room: mkfs clears all of its journal.
            Span<bool> written = _written.AsSpan((int)first, (int)(last - first + 1));
            if (!data.AsSpan().ContainsAnyExcept((byte)0) && !written.Contains(true)) return;
            written.Fill(true);
        }

        RandomAccess.Write(disk.SafeFileHandle, data, (entry.Sector + from) * WriteLog.SectorBytes);
    }
}
