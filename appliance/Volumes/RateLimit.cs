namespace VSan.Volumes;

/// <summary>
/// How many commands and bytes a volume may begin in a second. One for all rings that serve the volume; a volume that was idle may make use
/// of what it saved up.
/// </summary>
/// <remarks>
/// A bucket is one number, the moment at which its debt is paid (GCRA, the virtual scheduling of ITU-T I.371): a command may begin once that
/// moment has passed, and puts it off by its cost. It never lies further back than the burst. So nothing has to be refilled, nothing is
/// allocated, and a command larger than the burst begins all the same and is paid for afterwards. Two rings that ask in the same
/// instant may both begin: the excess is at most one command for each ring, and is paid for too.
/// </remarks>
public sealed class RateLimit
{
    private readonly TimeProvider _time;
    private readonly double _ticksPerCommand;
    private readonly double _ticksPerByte;
    private readonly long _burstTicks;
    private long _commandsPaid;
    private long _bytesPaid;

    /// <summary>Starts with the burst saved up.</summary>
    /// <param name="iopsMax">Commands a second; null for no limit.</param>
    /// <param name="bytesPerSecondMax">Bytes a second, read and written together; null for no limit.</param>
    /// <param name="burst">How long an idle volume saves up; more than nothing.</param>
    /// <param name="time">The clock.</param>
    public RateLimit(long? iopsMax, long? bytesPerSecondMax, TimeSpan burst, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(burst, TimeSpan.Zero);
        _time = time;
        _ticksPerCommand = iopsMax is { } iops ? (double)time.TimestampFrequency / iops : 0;
        _ticksPerByte = bytesPerSecondMax is { } bytes ? (double)time.TimestampFrequency / bytes : 0;
        _burstTicks = (long)(burst.TotalSeconds * time.TimestampFrequency);
        _commandsPaid = _bytesPaid = time.GetTimestamp() - _burstTicks;
    }

    /// <summary>True: the command may begin, and is counted. False: not yet. Any ring's thread; allocates nothing.</summary>
    /// <param name="bytes">What it moves.</param>
    public bool TryTake(long bytes)
    {
        long now = _time.GetTimestamp();
        if (Volatile.Read(ref _commandsPaid) >= now || Volatile.Read(ref _bytesPaid) >= now) return false;
        Charge(ref _commandsPaid, now, _ticksPerCommand);
        Charge(ref _bytesPaid, now, _ticksPerByte * bytes);
        return true;
    }

    private void Charge(ref long paid, long now, double ticks)
    {
        if (ticks == 0) return;
        long seen = Volatile.Read(ref paid);
        while (true)
        {
            long next = Math.Max(seen, now - _burstTicks) + Math.Max(1, (long)ticks);
            long found = Interlocked.CompareExchange(ref paid, next, seen);
            if (found == seen) return;
            seen = found;
        }
    }
}
