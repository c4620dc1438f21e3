using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>REPORT SUPPORTED OPERATION CODES (SPC-5, 6.29), made from the command table.</summary>
internal sealed class ReportSupportedOperationCodesHandler : DataInHandler
{
    private const int TimeoutsBytes = 12;

    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt32(6);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        bool timeouts = (command.Cdb[2] & 0x80) != 0;
        int options = command.Cdb[2] & 0x07;
        if (options == 0) return FillAll(command.Unit, page, timeouts);
        CommandDescriptor? found = CommandTable.Find(command.Cdb[3], command.CdbUInt16(4));
        if (found?.IsOffered(command.Unit) == false) found = null;
        bool hasActions = CommandTable.HasServiceActions(command.Cdb[3]);
        bool refused = options switch
        {
            1 => hasActions,
            2 => !hasActions,
            _ => options != 3,
        };
        return refused ? Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(options > 3 ? 2 : 3)) : FillOne(page, found, timeouts);
    }

    private static int FillAll(LogicalUnit? unit, Span<byte> page, bool timeouts)
    {
        int at = 4;
        foreach (CommandDescriptor each in CommandTable.All)
        {
            if (!each.IsOffered(unit)) continue;
            Span<byte> entry = page[at..];
            entry[0] = each.Usage[0];
            BinaryPrimitives.WriteUInt16BigEndian(entry[2..], (ushort)(each.ServiceAction ?? 0));
            entry[5] = (byte)((each.ServiceAction is null ? 0 : 0x01) | (timeouts ? 0x02 : 0));
            BinaryPrimitives.WriteUInt16BigEndian(entry[6..], (ushort)each.Usage.Length);
            at += 8;
            if (timeouts) at += FillTimeouts(page[at..]);
        }

        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)at - 4);
        return at;
    }

    private static int FillOne(Span<byte> page, CommandDescriptor? found, bool timeouts)
    {
        // SUPPORT 011b: as the standard says; 001b: not supported.
        page[1] = (byte)((found is null ? 0x01 : 0x03) | (timeouts && found is not null ? 0x80 : 0));
        if (found is null) return 4;
        BinaryPrimitives.WriteUInt16BigEndian(page[2..], (ushort)found.Usage.Length);
        found.Usage.CopyTo(page[4..]);
        int at = 4 + found.Usage.Length;
        return timeouts ? at + FillTimeouts(page[at..]) : at;
    }

    /// <summary>Command timeouts descriptor; zero: no indication.</summary>
    private static int FillTimeouts(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, TimeoutsBytes - 2);
        return TimeoutsBytes;
    }
}

/// <summary>REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS (SPC-5, 6.30).</summary>
internal sealed class ReportSupportedTaskManagementHandler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt32(6);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        bool extended = (command.Cdb[2] & 0x80) != 0;
        page[0] = 0xD8; // ATS, ATSS, CTSS, LURS: abort task, abort task set, clear task set, logical unit reset
        if (!extended) return 4;
        page[3] = 12;
        return 16;
    }
}
