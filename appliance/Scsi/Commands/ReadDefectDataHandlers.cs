using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>
/// READ DEFECT DATA (10) (SBC-3, 5.17): no list has an entry, as the volume is not a medium that grows defects of its own. The lists that were
/// asked for are valid and empty, in the format asked for.
/// </summary>
internal sealed class ReadDefectData10Handler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt16(7);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        page[1] = command.Cdb[2];
        return 4;
    }
}

/// <summary>READ DEFECT DATA (12) (SBC-3, 5.18): the same in a longer header.</summary>
internal sealed class ReadDefectData12Handler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt32(6);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        page[1] = command.Cdb[1];
        BinaryPrimitives.WriteUInt32BigEndian(page[4..], 0);
        return 8;
    }
}
