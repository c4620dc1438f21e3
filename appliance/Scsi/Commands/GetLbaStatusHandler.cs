using System.Buffers.Binary;
using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// GET LBA STATUS (SBC-3, 5.6): which blocks take space, one extent of the volume after the other. A thick volume has all of them mapped.
/// <code>
///   0  length of the rest (4)    4  reserved (4)    8  descriptors of 16: LBA (8), count (4), status (1): 0 mapped, 1 deallocated, reserved (3)
/// </code>
/// </summary>
internal sealed class GetLbaStatusHandler : CommandHandler
{
    /// <summary>Questions to the volume for one answer, and so its descriptors: each may cost a look into the filesystem's tables.</summary>
    public const int DescriptorsMax = 64;

    private const int HeaderBytes = 8;
    private const int DescriptorBytes = 16;
    private const byte Mapped = 0, Deallocated = 1;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        command.NextLba = command.CdbUInt64(2);
        if (command.NextLba >= command.Geometry.Blocks.Value) command.Check(Sense.LbaOutOfRange);
        else command.RequestDataIn(HeaderBytes + (DescriptorsMax * DescriptorBytes));
    }

    /// <inheritdoc/>
    public override void OnBuffer(ScsiCommand command)
    {
        command.Data[..HeaderBytes].Clear();
        command.ChunkBlocks = 0;
        Ask(command);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command) => Add(command, command.Extent.Count.Value, command.Extent.IsMapped);

    private static void Ask(ScsiCommand command)
    {
        command.ChunkBlocks++;
        ulong count = Math.Min(command.Geometry.Blocks.Value - command.NextLba, uint.MaxValue);
        if (command.Geometry.Thin) command.Submit(BlockOperation.FindExtent, new Lba(command.NextLba), new BlockCount(count));
        else Add(command, count, isMapped: true);
    }

    private static void Add(ScsiCommand command, ulong count, bool isMapped)
    {
        if (!TryExtend(command, count, isMapped))
        {
            Span<byte> descriptor = command.Data.Slice(HeaderBytes + (command.Step * DescriptorBytes), DescriptorBytes);
            descriptor.Clear();
            BinaryPrimitives.WriteUInt64BigEndian(descriptor, command.NextLba);
            BinaryPrimitives.WriteUInt32BigEndian(descriptor[8..], (uint)count);
            descriptor[12] = isMapped ? Mapped : Deallocated;
            command.Step++;
        }

        command.NextLba += count;
        uint allocation = command.CdbUInt32(10);
        int wanted = (int)Math.Clamp((allocation - (long)HeaderBytes) / DescriptorBytes, 1, DescriptorsMax);
        if (command.Step <= wanted && command.ChunkBlocks < DescriptorsMax && command.NextLba < command.Geometry.Blocks.Value)
        {
            Ask(command);
            return;
        }

        command.Step = Math.Min(command.Step, wanted);
        int length = HeaderBytes + (command.Step * DescriptorBytes);
        BinaryPrimitives.WriteUInt32BigEndian(command.Data, (uint)(length - 4));
        command.Good((int)Math.Min((uint)length, allocation));
    }

    /// <summary>A volume may answer in pieces; those that are alike are one extent.</summary>
    private static bool TryExtend(ScsiCommand command, ulong count, bool isMapped)
    {
        if (command.Step == 0) return false;
        Span<byte> last = command.Data.Slice(HeaderBytes + ((command.Step - 1) * DescriptorBytes), DescriptorBytes);
        ulong sum = BinaryPrimitives.ReadUInt32BigEndian(last[8..]) + count;
        if (last[12] != (isMapped ? Mapped : Deallocated) || sum > uint.MaxValue) return false;
        BinaryPrimitives.WriteUInt32BigEndian(last[8..], (uint)sum);
        return true;
    }
}
