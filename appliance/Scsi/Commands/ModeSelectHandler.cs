using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>MODE SELECT 6 and 10 (SPC-4): a list that changes nothing but <see cref="ModeSettings"/> is accepted, any other is refused
/// whole, before anything is changed.</summary>
internal sealed class ModeSelectHandler : CommandHandler
{
    private const byte PageFormat = 0x10, SubpageFormat = 0x40;

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
        ReadOnlySpan<byte> list = command.Data[..command.DataOutLength];
        LunSlot slot = command.Slot!;
        ModeSettings settings = slot.Unit.Mode;
        Sense sense = FirstPage(command, list, out int at);
        while (sense == Sense.None && at < list.Length) sense = TakePage(list, ref at, slot, ref settings);
        if (sense != Sense.None)
        {
            command.Check(sense);
            return;
        }

        // Shared by all nexuses, so that the others are told (SPC-4: MODE PARAMETERS CHANGED).
        slot.Unit.ChangeMode(settings, by: slot);
        command.Good();
    }

    /// <summary>Where the pages begin: behind the header and the block descriptors.</summary>
    private static Sense FirstPage(ScsiCommand command, ReadOnlySpan<byte> list, out int at)
    {
        bool ten = IsTen(command);
        at = ten ? 8 : 4;
        if (list.Length < at) return Sense.ParameterListLength;
        at += ten ? BinaryPrimitives.ReadUInt16BigEndian(list[6..]) : list[3];
        return at > list.Length ? Sense.ParameterListLength : Sense.None;
    }

    /// <summary>Checks the page at <paramref name="at"/> against the current one, and steps behind it.</summary>
    private static Sense TakePage(ReadOnlySpan<byte> list, ref int at, LunSlot slot, ref ModeSettings settings)
    {
        Span<byte> current = stackalloc byte[ModePages.BytesMax];
        Span<byte> changeable = stackalloc byte[ModePages.BytesMax];
        current.Clear();
        changeable.Clear();
        byte code = (byte)(list[at] & 0x3F);
        byte subpage = (list[at] & SubpageFormat) != 0 && list.Length - at > 1 ? list[at + 1] : (byte)0;
        int length = ModePages.Fill(code, subpage, PageControl.Current, slot, current);
        if (length == 0) return Sense.InvalidFieldInParameters.AtParameterByte(at);
        if (list.Length - at < length) return Sense.ParameterListLength;
        ModePages.Fill(code, subpage, PageControl.Changeable, slot, changeable);
        changeable[..ModePages.HeaderBytes(subpage)].Clear();
        for (int i = 1; i < length; i++)
        {
            if (((list[at + i] ^ current[i]) & ~changeable[i]) != 0) return Sense.InvalidFieldInParameters.AtParameterByte(at + i);
        }

        settings = ModePages.Apply(code, subpage, list[at..], settings, slot);
        at += length;
        return Sense.None;
    }

    private static bool IsTen(ScsiCommand command) => command.Cdb[0] == 0x55;
}
