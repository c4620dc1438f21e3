using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>MODE SELECT 6 and 10 (SPC-5, 6.12 and 6.13): a list that changes nothing but SWP is accepted, any other is refused
/// whole, before anything is changed.</summary>
internal sealed class ModeSelectHandler : CommandHandler
{
    private const byte PageFormat = 0x10;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        int length = IsTen(command) ? command.CdbUInt16(7) : command.Cdb[4];
        if ((command.Cdb[1] & PageFormat) == 0) command.Check(Sense.InvalidFieldInCdb.AtCdbByte(1));
        else if (length == 0) command.Good();
        else command.RequestDataOut(length);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        bool ten = IsTen(command);
        ReadOnlySpan<byte> list = command.Data[..command.DataOutLength];
        int header = ten ? 8 : 4;
        if (list.Length < header)
        {
            command.Check(Sense.ParameterListLength);
            return;
        }

        int descriptors = ten ? BinaryPrimitives.ReadUInt16BigEndian(list[6..]) : list[3];
        int at = header + descriptors;
        if (at > list.Length)
        {
            command.Check(Sense.ParameterListLength);
            return;
        }

        Span<byte> current = stackalloc byte[ModePages.BytesMax];
        Span<byte> changeable = stackalloc byte[ModePages.BytesMax];
        bool isProtected = command.Slot!.Unit.IsWriteProtected;
        while (at < list.Length)
        {
            current.Clear();
            changeable.Clear();
            byte code = (byte)(list[at] & 0x3F);
            int length = ModePages.Fill(code, PageControl.Current, command.Slot!, current);
            if (length == 0)
            {
                command.Check(Sense.InvalidFieldInParameters.AtParameterByte(at));
                return;
            }

            if (list.Length - at < length)
            {
                command.Check(Sense.ParameterListLength);
                return;
            }

            ModePages.Fill(code, PageControl.Changeable, command.Slot!, changeable);
            for (int i = 1; i < length; i++)
            {
                byte fixedBits = i == 1 ? byte.MaxValue : (byte)~changeable[i];
                if (((list[at + i] ^ current[i]) & fixedBits) == 0) continue;
                command.Check(Sense.InvalidFieldInParameters.AtParameterByte(at + i));
                return;
            }

            if (code == ModePages.Control && !command.Slot!.ReadOnly)
                isProtected = (list[at + ModePages.ControlBits] & ModePages.SoftwareWriteProtect) != 0;
            at += length;
        }

        Protect(command.Slot!, isProtected);
        command.Good();
    }

    /// <summary>Shared by all nexuses, so that the others are told (SPC-4, 5.14: MODE PARAMETERS CHANGED).</summary>
    private static void Protect(LunSlot slot, bool isProtected)
    {
        if (slot.Unit.IsWriteProtected == isProtected) return;
        slot.Unit.IsWriteProtected = isProtected;
        slot.Unit.Reservations.Tell(SharedAttentions.ModeParametersChanged, slot);
    }

    private static bool IsTen(ScsiCommand command) => command.Cdb[0] == 0x55;
}
