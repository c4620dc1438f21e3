namespace VSan.Scsi;

/// <summary>
/// Latencies by kind, bytes, and ends that were not good, of whatever they are kept for: a logical unit on one ring, a session. One array,
/// made by the first command, with a cache line pair of room at both ends, so that no two writers share a line: of a thousand volumes most
/// are idle, and a start has no time to clear ten megabytes for them. One thread writes; any reads, a little late.
/// </summary>
public sealed class CommandMeasures
{
    /// <summary>Members of <see cref="CommandKind"/>.</summary>
    public const int KindCount = 5;

    // Two cache lines of 64 bytes: the prefetcher takes them in pairs.
    private const int RoomWords = 16;
    private const int HistogramsAt = RoomWords;
    private const int BytesReadAt = HistogramsAt + (KindCount * LatencyHistogram.WordCount);
    private const int BytesWrittenAt = BytesReadAt + 1;

    // By sense key, then one for each status that has none.
    private const int EndsAt = BytesWrittenAt + 1;
    private const int SenseKeys = 16;
    private const int EndCount = SenseKeys + 4;

    // 4.8 KiB.
    private const int Words = EndsAt + EndCount + RoomWords;

    private static readonly string[] EndNames =
    [
        "no_sense", "recovered_error", "not_ready", "medium_error", "hardware_error", "illegal_request", "unit_attention", "data_protect",
        "blank_check", "vendor_specific", "copy_aborted", "aborted_command", "reserved", "volume_overflow", "miscompare", "completed",
        "busy", "reservation_conflict", "task_set_full", "task_aborted",
    ];

    // What is read of one that nobody has written to yet; never written.
    private static readonly long[] None = new long[Words];

    private long[] _words = None;

    /// <summary>Bytes handed to initiators.</summary>
    public long BytesRead => Volatile.Read(ref Present[BytesReadAt]);

    /// <summary>Bytes taken from initiators.</summary>
    public long BytesWritten => Volatile.Read(ref Present[BytesWrittenAt]);

    /// <summary>Commands that ended otherwise than well, by sense key, or by status where there is none (SPC-5, 4.4.8; SAM-5, 5.3.1).</summary>
    public IReadOnlyList<NamedCount> BadEnds => [.. EndNames.Select((name, index) => new NamedCount(name, Volatile.Read(ref Present[EndsAt + index])))];

    /// <summary>Latencies of one kind.</summary>
    public LatencyHistogram Latencies(CommandKind kind) => new(Present, HistogramsAt + ((int)kind * LatencyHistogram.WordCount));

    private long[] Present => Volatile.Read(ref _words);

    /// <summary>Counts an answered command.</summary>
    /// <remarks>The owner's thread only. Allocates nothing but at the first time.</remarks>
    public void Count(CommandKind kind, long nanoseconds, int bytesRead, int bytesWritten)
    {
        long[] words = Own();
        Latencies(kind).Record(nanoseconds);
        words[BytesReadAt] += bytesRead;
        words[BytesWrittenAt] += bytesWritten;
    }

    /// <summary>Counts an end that was not GOOD.</summary>
    /// <remarks>The owner's thread only.</remarks>
    public void CountBadEnd(ScsiStatus status, ReadOnlySpan<byte> sense)
    {
        int end = status switch
        {
            ScsiStatus.Good => 0,
            ScsiStatus.CheckCondition => sense.Length > 2 ? sense[2] & 0x0F : 0,
            ScsiStatus.Busy => SenseKeys,
            ScsiStatus.ReservationConflict => SenseKeys + 1,
            ScsiStatus.TaskSetFull => SenseKeys + 2,
            ScsiStatus.TaskAborted => SenseKeys + 3,
        };
        Own()[EndsAt + end]++;
    }

    private long[] Own()
    {
        if (_words == None) Volatile.Write(ref _words, new long[Words]);
        return _words;
    }
}
