using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// WRITE SAME 10 and 16 (SBC-3). A pattern of zeroes becomes one request to the volume; any other is repeated in a buffer and
/// written chunk by chunk.
/// </summary>
internal sealed class WriteSameHandler : CommandHandler
{
    /// <summary>A chunk: large enough to keep the disk busy, small enough that four of them fit the smallest pool's share.</summary>
    private const int ChunkBytesMax = 256 * 1024;

    private const byte Anchor = 0x10, UnmapBit = 0x08, NoDataOut = 0x01;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        if (!TryRange(command, out Lba lba, out BlockCount count)) return;
        bool sixteen = command.Cdb[0] == 0x93;
        if (count.Value == 0 || count.Value > VitalProductData.WriteSameBlocksMax)
        {
            command.Check(Sense.InvalidFieldInCdb.AtCdbByte(sixteen ? 10 : 7));
            return;
        }

        if ((command.Cdb[1] & Anchor) != 0)
        {
            command.Check(Sense.InvalidFieldInCdb.AtCdbByte(1));
            return;
        }

        (command.NextLba, command.RemainingBlocks) = (lba.Value, count.Value);
        int blockSize = command.BlockSize;
        command.ChunkBlocks = (int)Math.Min(count.Value, (ulong)(ChunkBytesMax / blockSize));
        if (sixteen && (command.Cdb[1] & NoDataOut) != 0) Zero(command);
        else if (command.ExpectedOut != blockSize) command.Check(Sense.InvalidFieldInCdb);
        else command.RequestDataOut(blockSize, (command.ChunkBlocks - 1) * blockSize);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        int blockSize = command.BlockSize;
        Span<byte> pattern = command.Data[..blockSize];
        if (!pattern.ContainsAnyExcept((byte)0))
        {
            Zero(command);
            return;
        }

        for (int block = 1; block < command.ChunkBlocks; block++) pattern.CopyTo(command.Data[(block * blockSize)..]);
        WriteNext(command);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        if (command.RemainingBlocks > 0)
        {
            WriteNext(command);
            return;
        }

        command.Counters.Writes++;
        command.Good();
    }

    private static void Zero(ScsiCommand command)
    {
        bool unmap = (command.Cdb[1] & UnmapBit) != 0 && command.Geometry.Thin;
        ulong count = command.RemainingBlocks;
        command.RemainingBlocks = 0;
        command.Submit(unmap ? BlockOperation.Unmap : BlockOperation.WriteZeroes, new Lba(command.NextLba), new BlockCount(count), !command.Slot!.Unit.WriteCache);
    }

    private static void WriteNext(ScsiCommand command)
    {
        var lba = new Lba(command.NextLba);
        ulong count = Math.Min(command.RemainingBlocks, (ulong)command.ChunkBlocks);
        command.NextLba += count;
        command.RemainingBlocks -= count;
        command.Submit(BlockOperation.Write, lba, new BlockCount(count), !command.Slot!.Unit.WriteCache);
    }
}
