namespace VSan.Scsi;

/// <summary>What one ring did on a logical unit. Written by that ring's thread; read by anyone, a little late.</summary>
public sealed class LogicalUnitCounters
{
    internal long Reads;
    internal long Writes;
    internal long BytesRead;
    internal long BytesWritten;
    internal long Errors;

    /// <summary>Commands of the ring that are past the <see cref="WriteGate"/>.</summary>
    internal int WritesInFlight;

    /// <summary>Commands that read the medium.</summary>
    public long ReadCommands => Volatile.Read(ref Reads);

    /// <summary>Commands that changed the medium.</summary>
    public long WriteCommands => Volatile.Read(ref Writes);

    /// <summary>Bytes handed to initiators.</summary>
    public long ReadBytes => Volatile.Read(ref BytesRead);

    /// <summary>Bytes taken from initiators.</summary>
    public long WrittenBytes => Volatile.Read(ref BytesWritten);

    /// <summary>Commands that the volume failed.</summary>
    public long FailedCommands => Volatile.Read(ref Errors);
}
