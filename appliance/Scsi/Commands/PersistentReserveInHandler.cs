using System.Buffers.Binary;
using VSan.Scsi.Reservations;

namespace VSan.Scsi.Commands;

/// <summary>
/// PERSISTENT RESERVE IN (SPC-4, 6.15). All but REPORT CAPABILITIES start alike:
/// <code>
///   0  PRGENERATION (4)    4  additional length (4)    8  keys of 8, one reservation of 16, or full status descriptors of 24 and a TransportID
/// </code>
/// </summary>
internal sealed class PersistentReserveInHandler : DataInHandler
{
    private const int HeaderBytes = 8;
    private const int StatusBytes = 24;

    private enum ServiceAction
    {
        ReadKeys,
        ReadReservation,
        ReportCapabilities,
        ReadFullStatus,
    }

    /// <inheritdoc/>
    protected override int PageBytesMax => HeaderBytes + (ReservationState.RegistrationsMax * (StatusBytes + TransportId.BytesMax));

    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt16(7);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        ReservationTable table = command.Slot!.Unit.Reservations;
        ReservationState state = table.State;
        var action = (ServiceAction)(command.Cdb[1] & 0x1F);
        if (action == ServiceAction.ReportCapabilities) return FillCapabilities(table, state, page);
        Span<byte> body = page[HeaderBytes..];
        int length = action switch
        {
            ServiceAction.ReadKeys => FillKeys(state, body),
            ServiceAction.ReadReservation => FillReservation(state, body),
            _ => FillFullStatus(state, body),
        };
        BinaryPrimitives.WriteUInt32BigEndian(page, state.Generation);
        BinaryPrimitives.WriteUInt32BigEndian(page[4..], (uint)length);
        return HeaderBytes + length;
    }

    private static int FillKeys(ReservationState state, Span<byte> body)
    {
        int at = 0;
        foreach (Registration registration in state.Registrations)
        {
            BinaryPrimitives.WriteUInt64BigEndian(body[at..], registration.Key);
            at += 8;
        }

        return at;
    }

    /// <summary>The key is that of the holder; zero where all registrants hold (SPC-4, 6.15.3.2).</summary>
    private static int FillReservation(ReservationState state, Span<byte> body)
    {
        if (state.Type == ReservationType.None) return 0;
        if (!state.Type.IsAllRegistrants()) BinaryPrimitives.WriteUInt64BigEndian(body, state.Registrations.First(state.Holds).Key);
        body[13] = (byte)state.Type;
        return 16;
    }

    private static int FillCapabilities(ReservationTable table, ReservationState state, Span<byte> page)
    {
        page[1] = 8;
        page[2] = (byte)(0x0C | (table.CanPersist ? 0x01 : 0)); // SIP_C, ATP_C, PTPL_C; CRH 0
        page[3] = (byte)(0x80 | (state.Persists ? 0x01 : 0)); // TMV, PTPL_A
        page[4] = 0xEA; // all types but
        page[5] = 0x01; // exclusive access, all registrants, which has the second byte
        return 8;
    }

    private static int FillFullStatus(ReservationState state, Span<byte> body)
    {
        int at = 0;
        foreach (Registration registration in state.Registrations)
        {
            Span<byte> status = body[at..];
            bool holds = state.Type != ReservationType.None && state.Holds(registration);
            BinaryPrimitives.WriteUInt64BigEndian(status, registration.Key);
            status[12] = (byte)((registration.AllTargetPorts ? 0x02 : 0) | (holds ? 0x01 : 0));
            status[13] = holds ? (byte)state.Type : (byte)0;

            // Ignored by the initiator with ALL_TG_PT.
            if (!registration.AllTargetPorts) BinaryPrimitives.WriteUInt16BigEndian(status[18..], registration.Nexus.RelativeTargetPort);
            int id = TransportId.Format(registration.Nexus, status[StatusBytes..]);
            BinaryPrimitives.WriteUInt32BigEndian(status[20..], (uint)id);
            at += StatusBytes + id;
        }

        return at;
    }
}
