using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// COMPARE AND WRITE (SBC-3). The first half of the data-out is compared with the medium; only when all of it is the same, the second
/// half is written. Between both, the logical unit's <see cref="WriteGate"/> keeps every other write out, on whichever ring.
/// </summary>
internal sealed class CompareAndWriteHandler : CommandHandler
{
    /// <summary>MAXIMUM COMPARE AND WRITE LENGTH: all that the CDB's byte can say; three times 255 blocks of 4 KiB fit one buffer.</summary>
    public const int BlocksMax = 255;

    private const int CountByte = 13;

    /// <summary>The step after the comparison; the comparison is the first, 0.</summary>
    private const int Writing = 1;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        var count = new BlockCount(command.Cdb[CountByte]);
        if (!command.Geometry.Contains(Start(command), count))
        {
            command.Check(Sense.LbaOutOfRange);
            return;
        }

        command.ChunkBlocks = (int)count.Value;
        int half = HalfBytes(command);
        if (command.ExpectedOut != 2 * half) command.Check(Sense.InvalidFieldInCdb.AtCdbByte(CountByte));
        else if (half == 0) command.Good();
        else command.RequestDataOut(2 * half, BufferPool.PieceBytesMin + half);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command) =>
        command.Submit(BlockOperation.Read, Start(command), new BlockCount((ulong)command.ChunkBlocks), bufferOffset: command.WorkOffset);

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        if (command.Step == Writing)
        {
            WriteHandler.CountWrite(command, command.ChunkBlocks);
            command.Good();
            return;
        }

        int half = HalfBytes(command);
        Span<byte> work = command.Data.Slice(command.WorkOffset, half);
        int same = work.CommonPrefixLength(command.Data[..half]);
        if (same < half)
        {
            command.Check(Sense.Miscompare with { Information = (ulong)same });
            return;
        }

        // Written from the work area, which starts on a page as O_DIRECT wants it.
        command.Data.Slice(half, half).CopyTo(work);
        command.Step = Writing;
        command.Submit(
            BlockOperation.Write, Start(command), new BlockCount((ulong)command.ChunkBlocks), WriteHandler.IsDurable(command), command.WorkOffset);
    }

    private static Lba Start(ScsiCommand command) => new(command.CdbUInt64(2));

    private static int HalfBytes(ScsiCommand command) => command.ChunkBlocks * command.BlockSize;
}
