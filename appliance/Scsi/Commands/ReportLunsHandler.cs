using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>REPORT LUNS (SPC-4). The initiator is told the change of the set, so the attention for it is taken back.</summary>
internal sealed class ReportLunsHandler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt32(6);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        byte select = command.Cdb[2];
        if (select > 2) return Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(2));
        if (AllocationLength(command) < 16) return Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(6));
        int at = 8;
        ReadOnlySpan<LunSlot?> slots = command.Nexus.Slots;

        // 01h asks for well-known logical units only: we have none.
        for (int lun = 0; select != 1 && lun < slots.Length; lun++)
        {
            if (slots[lun] is null) continue;
            page[at + 1] = (byte)lun;
            at += 8;
        }

        command.Nexus.ClearLunsChanged();
        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)at - 8);
        return at;
    }
}
