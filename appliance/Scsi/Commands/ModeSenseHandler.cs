using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>MODE SENSE 6 and 10 (SPC-4).</summary>
internal sealed class ModeSenseHandler : DataInHandler
{
    private const byte DisableBlockDescriptors = 0x08;

    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => IsTen(command) ? command.CdbUInt16(7) : command.Cdb[4];

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        var control = (PageControl)(command.Cdb[2] >> 6);
        byte code = (byte)(command.Cdb[2] & 0x3F);
        byte subpage = command.Cdb[3];
        if (control == PageControl.Saved) return Refuse(command, Sense.SavingNotSupported);

        LunSlot slot = command.Slot!;
        bool ten = IsTen(command);
        int header = ten ? 8 : 4;
        int at = header;
        if ((command.Cdb[1] & DisableBlockDescriptors) == 0) at += FillBlockDescriptor(command, page[at..]);
        page[ten ? 7 : 3] = (byte)(at - header);
        int firstPage = at;
        bool hasCode = false;
        foreach ((byte eachCode, byte eachSubpage) in ModePages.Every)
        {
            if (code != ModePages.All && code != eachCode) continue;
            hasCode = true;
            if (subpage == eachSubpage || subpage == ModePages.AllSubpages) at += ModePages.Fill(eachCode, eachSubpage, control, slot, page[at..]);
        }

        if (at == firstPage) return Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(hasCode ? 3 : 2));
        byte device = (byte)((slot.IsWriteProtected ? 0x80 : 0) | 0x10); // WP, DPOFUA
        if (ten)
        {
            BinaryPrimitives.WriteUInt16BigEndian(page, (ushort)(at - 2));
            page[3] = device;
        }
        else
        {
            page[0] = (byte)(at - 1);
            page[2] = device;
        }

        return at;
    }

    /// <summary>Short LBA mode parameter block descriptor (SBC-3).</summary>
    private static int FillBlockDescriptor(ScsiCommand command, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, (uint)Math.Min(command.Geometry.Blocks.Value, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], (uint)command.BlockSize);
        return 8;
    }

    private static bool IsTen(ScsiCommand command) => command.Cdb[0] == 0x5A;
}
