using System.Buffers.Binary;
using System.Numerics;
using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>READ CAPACITY (10) (SBC-3).</summary>
internal sealed class ReadCapacity10Handler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => 8;

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        if (command.CdbUInt32(2) != 0) return Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(2));
        ulong last = command.Geometry.Blocks.Value - 1;
        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)Math.Min(last, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(page[4..], (uint)command.BlockSize);
        return 8;
    }
}

/// <summary>READ CAPACITY (16) (SBC-3).</summary>
internal sealed class ReadCapacity16Handler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt32(10);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        VolumeGeometry geometry = command.Geometry;
        BinaryPrimitives.WriteUInt64BigEndian(page, geometry.Blocks.Value - 1);
        BinaryPrimitives.WriteUInt32BigEndian(page[8..], (uint)geometry.BlockSizeBytes);
        page[13] = (byte)BitOperations.Log2((uint)(geometry.PhysicalBlockSizeBytes / geometry.BlockSizeBytes));
        page[14] = geometry.Thin ? (byte)0xC0 : (byte)0; // LBPME, LBPRZ: a thick one has no unmapped blocks to speak of
        return 32;
    }
}
