using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>REPORT TARGET PORT GROUPS (SPC-4): a group for each target port, all active/optimized: every portal leads to the same unit.</summary>
internal sealed class ReportTargetPortGroupsHandler : DataInHandler
{
    /// <summary>A group's descriptor with its one port.</summary>
    private const int GroupBytes = 12;

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

        foreach (ushort port in command.Nexus.TargetPorts.Take((PageBytesMax - at) / GroupBytes))
        {
            Span<byte> group = page.Slice(at, GroupBytes);
            group[0] = 0x80; // PREF, active/optimized
            group[1] = 0x01; // AO_SUP
            BinaryPrimitives.WriteUInt16BigEndian(group[2..], port);
            group[7] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(group[10..], port);
            at += GroupBytes;
        }

        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)at - 4);
        return at;
    }
}
