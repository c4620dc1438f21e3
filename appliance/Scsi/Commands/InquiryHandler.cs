using System.Buffers.Binary;
using System.Text;

namespace VSan.Scsi.Commands;

/// <summary>INQUIRY: standard data and the dispatch of vital product data pages (SPC-4).</summary>
internal sealed class InquiryHandler : DataInHandler
{
    private const int StandardBytes = 96;

    /// <summary>Peripheral qualifier 011b, device type 1Fh: no logical unit can be here (SPC-4).</summary>
    private const byte NoLogicalUnit = 0x7F;

    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt16(3);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        bool vital = (command.Cdb[1] & 0x01) != 0;
        if (!vital)
        {
            return command.Cdb[2] == 0
                ? FillStandard(page, command.Slot)
                : Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(2));
        }

        if (command.Slot is null) return Refuse(command, Sense.LunNotSupported);
        int length = VitalProductData.Fill(command.Cdb[2], command.Slot.Unit, command.Nexus.Identity, page);
        return length > 0 ? length : Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(2));
    }

    private static int FillStandard(Span<byte> page, LunSlot? slot)
    {
        page[0] = slot is null ? NoLogicalUnit : (byte)0;
        page[2] = 0x06; // SPC-4
        page[3] = 0x12; // HISUP, response data format 2
        page[4] = StandardBytes - 5;
        page[5] = 0x18; // TPGS 01b: REPORT TARGET PORT GROUPS, implicit only; 3PC: EXTENDED COPY
        page[6] = 0x10; // MULTIP
        page[7] = 0x02; // CMDQUE
        LogicalUnitIdentity? identity = slot?.Unit.Identity;
        PadAscii(identity?.Vendor ?? "VSAN", page.Slice(8, 8));
        PadAscii(identity?.Product ?? "VSan Appliance", page.Slice(16, 16));
        PadAscii(identity?.Revision ?? "0001", page.Slice(32, 4));

        // Version descriptors (SPC-4): SAM-5, iSCSI, SPC-4, SBC-3.
        ReadOnlySpan<ushort> versions = [0x00A0, 0x0960, 0x0460, 0x04C0];
        for (int i = 0; i < versions.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(page[(58 + (i * 2))..], versions[i]);
        return StandardBytes;
    }

    /// <summary>Left-aligned ASCII, filled with spaces (SPC-4); a longer text is cut.</summary>
    internal static void PadAscii(string text, Span<byte> to)
    {
        to.Fill((byte)' ');
        Encoding.ASCII.GetBytes(text.AsSpan(0, Math.Min(text.Length, to.Length)), to);
    }
}
