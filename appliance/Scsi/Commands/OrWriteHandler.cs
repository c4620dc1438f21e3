using System.Numerics;
using System.Runtime.InteropServices;
using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// ORWRITE (16) (SBC-3, 5.13): the data-out is joined with the medium by OR, chunk by chunk, and written back. The logical unit's
/// <see cref="WriteGate"/> keeps every other write out from the first chunk read to the last one written.
/// </summary>
internal sealed class OrWriteHandler : CommandHandler
{
    private const int ChunkBytesMax = 256 * 1024;

    /// <summary>What the step before asked of the volume; at the start, nothing.</summary>
    private const int Reading = 1, Writing = 2;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        if (!TryRange(command, out _, out BlockCount count)) return;
        command.ChunkBlocks = (int)Math.Min(count.Value, (ulong)(ChunkBytesMax / command.BlockSize));
        int work = BufferPool.PieceBytesMin + (command.ChunkBlocks * command.BlockSize);
        if (!TryTransferBytes(command, count, work, out int bytes)) return;
        if (bytes == 0) command.Good();
        else command.RequestDataOut(bytes, work);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        if (!TryRange(command, out Lba lba, out _)) return;
        (command.NextLba, command.RemainingBlocks) = (lba.Value, (ulong)(command.DataOutLength / command.BlockSize));
        if (command.RemainingBlocks == 0) command.Good();
        else ReadNext(command);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        ulong blocks = Math.Min(command.RemainingBlocks, (ulong)command.ChunkBlocks);
        if (command.Step == Reading)
        {
            int offset = command.DataOutLength / command.BlockSize * command.BlockSize - ((int)command.RemainingBlocks * command.BlockSize);
            int bytes = (int)blocks * command.BlockSize;
            Span<byte> work = command.Data.Slice(command.WorkOffset, bytes);
            Or(command.Data.Slice(offset, bytes), work);
            command.Step = Writing;
            command.Submit(
                BlockOperation.Write, new Lba(command.NextLba), new BlockCount(blocks), WriteHandler.IsDurable(command), command.WorkOffset);
            return;
        }

        command.NextLba += blocks;
        command.RemainingBlocks -= blocks;
        if (command.RemainingBlocks > 0)
        {
            ReadNext(command);
            return;
        }

        WriteHandler.CountWrite(command, command.DataOutLength / command.BlockSize);
        command.Good();
    }

    private static void ReadNext(ScsiCommand command)
    {
        command.Step = Reading;
        ulong blocks = Math.Min(command.RemainingBlocks, (ulong)command.ChunkBlocks);
        command.Submit(BlockOperation.Read, new Lba(command.NextLba), new BlockCount(blocks), bufferOffset: command.WorkOffset);
    }

    // Both are whole blocks, so that nothing is left behind the last vector.
    private static void Or(ReadOnlySpan<byte> from, Span<byte> into)
    {
        ReadOnlySpan<Vector<byte>> source = MemoryMarshal.Cast<byte, Vector<byte>>(from);
        Span<Vector<byte>> target = MemoryMarshal.Cast<byte, Vector<byte>>(into);
        for (int i = 0; i < target.Length; i++) target[i] |= source[i];
    }
}
