using System.Buffers.Binary;
using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// UNMAP (SBC-3). The list is checked whole before the first block is given back; then one descriptor at a time.
/// <code>
///   0  data length (2)    2  block descriptor data length (2)    4  reserved (4)    8  descriptors of 16: LBA (8), count (4), reserved (4)
/// </code>
/// </summary>
internal sealed class UnmapHandler : CommandHandler
{
    private const int HeaderBytes = 8;
    private const int DescriptorBytes = 16;
    private const int ListBytesMax = HeaderBytes + (VitalProductData.UnmapDescriptorsMax * DescriptorBytes);

    /// <inheritdoc/>
    public override bool IsOffered(VolumeGeometry geometry) => geometry.Thin;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        int length = command.CdbUInt16(7);
        if (length == 0) command.Good();
        else if (length < HeaderBytes) command.Check(Sense.ParameterListLength);
        else if (length > ListBytesMax) command.Check(Sense.InvalidFieldInCdb.AtCdbByte(7));
        else command.RequestDataOut(length);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        if (command.DataOutLength < HeaderBytes)
        {
            command.Check(Sense.ParameterListLength);
            return;
        }

        // A list cut short by the transport or the CDB: descriptors that are not whole do not count (SBC-3).
        int announced = BinaryPrimitives.ReadUInt16BigEndian(command.Data[2..]);
        int there = Sabotage.TrustsUnmapLength ? announced : command.DataOutLength - HeaderBytes;
        command.ChunkBlocks = Math.Min(announced, there) / DescriptorBytes;
        for (int i = 0; i < command.ChunkBlocks; i++)
        {
            if (command.Geometry.Contains(Descriptor(command, i).Lba, Descriptor(command, i).Count)) continue;
            command.Check(Sense.LbaOutOfRange);
            return;
        }

        UnmapNext(command);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command) => UnmapNext(command);

    private static void UnmapNext(ScsiCommand command)
    {
        while (command.Step < command.ChunkBlocks)
        {
            (Lba lba, BlockCount count) = Descriptor(command, command.Step++);
            if (count.Value == 0) continue;
            command.Submit(BlockOperation.Unmap, lba, count);
            return;
        }

        command.Counters.Writes++;
        command.Good();
    }

    private static (Lba Lba, BlockCount Count) Descriptor(ScsiCommand command, int index)
    {
        ReadOnlySpan<byte> at = command.Data[(HeaderBytes + (index * DescriptorBytes))..];
        return (new Lba(BinaryPrimitives.ReadUInt64BigEndian(at)), new BlockCount(BinaryPrimitives.ReadUInt32BigEndian(at[8..])));
    }
}
