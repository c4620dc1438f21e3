using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>WRITE 6, 10, 12, 16 (SBC-3). Whole blocks that arrived are written; fewer than the CDB says is a residual, not an error.</summary>
internal sealed class WriteHandler : CommandHandler
{
    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        if (!TryRange(command, out _, out BlockCount count) || !TryTransferBytes(command, count, 0, out int bytes)) return;
        if (bytes == 0) command.Good();
        else command.RequestDataOut(bytes);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        if (!TryRange(command, out Lba lba, out _)) return;
        int blocks = command.DataOutLength / command.BlockSize;
        command.ChunkBlocks = blocks;
        if (blocks == 0) command.Good();
        else command.Submit(BlockOperation.Write, lba, new BlockCount((ulong)blocks), IsDurable(command));
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        CountWrite(command, command.ChunkBlocks);
        command.Good();
    }

    /// <summary>FUA of a 10, 12 or 16 byte CDB, or a logical unit whose every write is durable.</summary>
    internal static bool IsDurable(ScsiCommand command) =>
        !command.Slot!.Unit.WriteCache || (command.Cdb[0] >= 0x20 && (command.Cdb[1] & 0x08) != 0);

    internal static void CountWrite(ScsiCommand command, int blocks)
    {
        LogicalUnitCounters counters = command.Counters;
        counters.Writes++;
        counters.BytesWritten += blocks * (long)command.BlockSize;
    }
}
