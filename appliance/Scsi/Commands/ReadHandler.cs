using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>READ 6, 10, 12, 16 (SBC-3). FUA first brings what is cached to the medium.</summary>
internal sealed class ReadHandler : CommandHandler
{
    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        if (!TryRange(command, out _, out BlockCount count) || !TryTransferBytes(command, count, 0, out int bytes)) return;
        if (bytes == 0) command.Good();
        else command.RequestDataIn(bytes);
    }

    /// <inheritdoc/>
    public override void OnBuffer(ScsiCommand command)
    {
        if (command.Cdb[0] >= 0x20 && (command.Cdb[1] & 0x08) != 0) command.Submit(BlockOperation.Flush, default, default);
        else Read(command);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        if (command.Step == 0)
        {
            Read(command);
            return;
        }

        LogicalUnitCounters counters = command.Counters;
        counters.Reads++;
        counters.BytesRead += command.ChunkBlocks * (long)command.BlockSize;
        command.Good(command.ChunkBlocks * command.BlockSize);
    }

    private static void Read(ScsiCommand command)
    {
        if (!TryRange(command, out Lba lba, out BlockCount count)) return;
        command.Step = 1;
        command.ChunkBlocks = (int)count.Value;
        command.Submit(BlockOperation.Read, lba, count);
    }
}
