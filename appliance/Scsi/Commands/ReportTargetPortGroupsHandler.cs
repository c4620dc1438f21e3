using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>REPORT TARGET PORT GROUPS (SPC-4): one group with one port, active/optimized.</summary>
internal sealed class ReportTargetPortGroupsHandler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt32(6);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        int format = command.Cdb[1] >> 5;
        if (format > 1) return Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(1));
        int at = 4;
        if (format == 1)
        {
            page[4] = 0x10; // extended header: format 001b, implicit transition time 0
            at = 8;
        }

        Span<byte> group = page[at..];
        group[0] = 0x80; // PREF, active/optimized
        group[1] = 0x01; // AO_SUP
        BinaryPrimitives.WriteUInt16BigEndian(group[2..], 1);
        group[7] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(group[10..], 1);
        at += 12;
        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)at - 4);
        return at;
    }
}
