using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>MODE SELECT 6 and 10 (SPC-5, 6.12 and 6.13): a list that changes nothing is accepted, any other is refused.</summary>
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
        while (at < list.Length)
        {
            current.Clear();
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

            int same = list.Slice(at + 1, length - 1).CommonPrefixLength(current[1..length]) + 1;
            if (same < length)
            {
                command.Check(Sense.InvalidFieldInParameters.AtParameterByte(at + same));
                return;
            }

            at += length;
        }

        command.Good();
    }

    private static bool IsTen(ScsiCommand command) => command.Cdb[0] == 0x55;
}
