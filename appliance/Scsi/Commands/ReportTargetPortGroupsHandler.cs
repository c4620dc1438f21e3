using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>
/// REPORT TARGET PORT GROUPS (SPC-4): a group for each target port, in the state that the configuration gives it; the optimized ones are preferred.
/// <code>
///   0  PREF 80h, state   1  supported states   2  group (2)   5  status   7  ports 1   10  relative target port identifier (2)
/// </code>
/// </summary>
internal sealed class ReportTargetPortGroupsHandler : DataInHandler
{
    /// <summary>A group's descriptor with its one port.</summary>
    private const int GroupBytes = 12;

    private const byte Preferred = 0x80;

    /// <summary>T_SUP, U_SUP, S_SUP, AN_SUP, AO_SUP: all but offline and logical block dependent.</summary>
    private const byte SupportedStates = 0x8F;

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

        foreach (TargetPort port in command.Nexus.TargetPorts.Take((PageBytesMax - at) / GroupBytes))
        {
            Span<byte> group = page.Slice(at, GroupBytes);
            group[0] = (byte)((port.State == AsymmetricAccessState.ActiveOptimized ? Preferred : 0) | (byte)port.State);
            group[1] = SupportedStates;
            BinaryPrimitives.WriteUInt16BigEndian(group[2..], port.Identifier);
            group[7] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(group[10..], port.Identifier);
            at += GroupBytes;
        }

        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)at - 4);
        return at;
    }
}
