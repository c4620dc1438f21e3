namespace VSan.Scsi;

/// <summary>What people and counters want to know of a command. Ring thread only.</summary>
public sealed partial class ScsiCommand
{
    // By operation code; what is not here is CommandKind.Other.
    private static readonly CommandKind[] Kinds = MakeKinds();

    /// <summary>What the counters call it.</summary>
    public CommandKind Kind => Kinds[_cdb[0]];

    /// <summary>Where its logical unit's counts of this ring are kept; null where the LUN has none.</summary>
    public CommandMeasures? Measures => Slot?.Unit.Counters(_ring.RingIndex).Measures;

    /// <summary>The standard's name of the command, or its operation code.</summary>
    public string Name => CommandNames.Of(_cdb);

    /// <summary>What it waits for, in a word.</summary>
    public string Phase => State switch
    {
        CommandState.Idle => "idle",
        CommandState.WaitingForLease => "buffer",
        CommandState.AwaitingData => "data",
        CommandState.Executing => _submitted || _access != WriteAccess.None || !_descriptor!.Writes ? "volume" : "gate",
        CommandState.Completed => "answer",
    };

    private static CommandKind[] MakeKinds()
    {
        var kinds = new CommandKind[256];
        Array.Fill(kinds, CommandKind.Other);
        foreach (byte code in (ReadOnlySpan<byte>)[0x08, 0x28, 0x88, 0xA8]) kinds[code] = CommandKind.Read;
        foreach (byte code in (ReadOnlySpan<byte>)[0x0A, 0x2A, 0x2E, 0x41, 0x89, 0x8A, 0x8B, 0x8E, 0x93, 0x9C, 0xAA, 0xAE]) kinds[code] = CommandKind.Write;
        foreach (byte code in (ReadOnlySpan<byte>)[0x35, 0x91]) kinds[code] = CommandKind.Flush;
        kinds[0x42] = CommandKind.Unmap;
        return kinds;
    }
}
