using System.Runtime.InteropServices;

namespace VSan.Scsi;

/// <summary>What one ring did on a logical unit. Written by that ring's thread; read by anyone, a little late.</summary>
public sealed class LogicalUnitCounters
{
    private Words _words;

    /// <summary>Commands that read the medium.</summary>
    public long ReadCommands => Volatile.Read(ref _words.Reads);

    /// <summary>Commands that changed the medium.</summary>
    public long WriteCommands => Volatile.Read(ref _words.Writes);

    /// <summary>Bytes handed to initiators.</summary>
    public long ReadBytes => Volatile.Read(ref _words.BytesRead);

    /// <summary>Bytes taken from initiators.</summary>
    public long WrittenBytes => Volatile.Read(ref _words.BytesWritten);

    /// <summary>Commands that the volume failed.</summary>
    public long FailedCommands => Volatile.Read(ref _words.Errors);

    /// <summary>Latencies, bytes and bad ends as initiators see them.</summary>
    public CommandMeasures Measures { get; } = new();

    internal ref long Reads => ref _words.Reads;

    internal ref long Writes => ref _words.Writes;

    internal ref long BytesRead => ref _words.BytesRead;

    internal ref long BytesWritten => ref _words.BytesWritten;

    internal ref long Errors => ref _words.Errors;

    /// <summary>Commands of the ring that are past the <see cref="WriteGate"/>.</summary>
    internal ref int WritesInFlight => ref _words.WritesInFlight;

    // A cache line pair of room at both ends: the garbage collector may put two rings' counters side by side.
    [StructLayout(LayoutKind.Explicit, Size = 304)]
    private struct Words
    {
        [FieldOffset(128)]
        internal long Reads;

        [FieldOffset(136)]
        internal long Writes;

        [FieldOffset(144)]
        internal long BytesRead;

        [FieldOffset(152)]
        internal long BytesWritten;

        [FieldOffset(160)]
        internal long Errors;

        [FieldOffset(168)]
        internal int WritesInFlight;
    }
}
