using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// VERIFY and WRITE AND VERIFY 10, 12, 16 (SBC-3). The medium is read chunk by chunk behind the data-out in the same
/// buffer, and compared where BYTCHK asks for it; a difference is MISCOMPARE with its offset.
/// </summary>
internal sealed class VerifyHandler(bool writes) : CommandHandler
{
    private const int ChunkBytesMax = 256 * 1024;

    private const int PageBytes = BufferPool.PieceBytesMin;

    private const int Comparing = 1;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        int byteCheck = ByteCheck(command);
        if (byteCheck == 2 || (writes && byteCheck == 3))
        {
            command.Check(Sense.InvalidFieldInCdb.AtCdbByte(1));
            return;
        }

        if (!TryRange(command, out Lba lba, out BlockCount count)) return;
        if (count.Value == 0)
        {
            command.Good();
            return;
        }

        int blockSize = command.BlockSize;
        command.ChunkBlocks = (int)Math.Min(count.Value, (ulong)(ChunkBytesMax / blockSize));
        (command.NextLba, command.RemainingBlocks) = (lba.Value, count.Value);
        int chunkBytes = command.ChunkBlocks * blockSize;
        if (!writes && byteCheck == 0)
        {
            command.RequestDataIn(chunkBytes);
            return;
        }

        BlockCount dataBlocks = byteCheck == 3 ? new BlockCount(1) : count;
        if (TryTransferBytes(command, dataBlocks, PageBytes + chunkBytes, out int bytes)) command.RequestDataOut(bytes, PageBytes + chunkBytes);
    }

    /// <inheritdoc/>
    public override void OnBuffer(ScsiCommand command) => ReadNext(command);

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        // Only whole blocks that arrived are written and compared.
        int arrived = command.DataOutLength / command.BlockSize;
        if (ByteCheck(command) != 3) command.RemainingBlocks = (ulong)arrived;
        if (arrived == 0) command.Good();
        else if (writes) command.Submit(BlockOperation.Write, new Lba(command.NextLba), new BlockCount(command.RemainingBlocks), forceUnitAccess: true);
        else ReadNext(command);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        if (command.Step == Comparing && !TryCompare(command)) return;
        if (writes && command.Step != Comparing) WriteHandler.CountWrite(command, (int)command.RemainingBlocks);
        if (command.RemainingBlocks > 0) ReadNext(command);
        else command.Good();
    }

    private static int ByteCheck(ScsiCommand command) => (command.Cdb[1] >> 1) & 0x03;

    private static void ReadNext(ScsiCommand command)
    {
        command.Step = Comparing;
        ulong count = Math.Min(command.RemainingBlocks, (ulong)command.ChunkBlocks);
        command.Submit(BlockOperation.Read, new Lba(command.NextLba), new BlockCount(count), bufferOffset: command.WorkOffset);
    }

    private static bool TryCompare(ScsiCommand command)
    {
        int blockSize = command.BlockSize;
        int blocks = (int)Math.Min(command.RemainingBlocks, (ulong)command.ChunkBlocks);
        TryRange(command, out Lba first, out _);
        long offset = (long)(command.NextLba - first.Value) * blockSize;
        command.NextLba += (ulong)blocks;
        command.RemainingBlocks -= (ulong)blocks;
        int byteCheck = ByteCheck(command);
        if (byteCheck == 0 && command.TransferLength == 0) return true;

        ReadOnlySpan<byte> medium = command.Data.Slice(command.WorkOffset, blocks * blockSize);
        for (int block = 0; block < blocks; block++)
        {
            int from = byteCheck == 3 ? 0 : (int)offset + (block * blockSize);
            int same = medium.Slice(block * blockSize, blockSize).CommonPrefixLength(command.Data.Slice(from, blockSize));
            if (same == blockSize) continue;
            command.Check(Sense.Miscompare with { Information = (ulong)(offset + (block * blockSize) + same) });
            return false;
        }

        return true;
    }
}
