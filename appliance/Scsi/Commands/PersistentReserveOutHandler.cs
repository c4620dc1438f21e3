using System.Buffers.Binary;
using VSan.Scsi.Reservations;

namespace VSan.Scsi.Commands;

/// <summary>
/// PERSISTENT RESERVE OUT (SPC-4, 6.16): the parameters are checked here, what follows from them is <see cref="ReservationState.Apply"/>.
/// <code>
///   basic:             0  reservation key (8)    8  service action key (8)    20  SPEC_I_PT 08h, ALL_TG_PT 04h, APTPL 01h    24  with SPEC_I_PT: length (4), TransportIDs
///   register and move: 0  reservation key (8)    8  service action key (8)    17  UNREG 02h, APTPL 01h    18  relative target port (2)    20  length (4), one TransportID
/// </code>
/// </summary>
internal sealed class PersistentReserveOutHandler : CommandHandler
{
    private const int ListBytes = 24;

    // Every registrant that there may be, named in one list.
    private const int ListBytesMax = ListBytes + 4 + (ReservationState.RegistrationsMax * TransportId.BytesMax);

    private const byte SpecifiesInitiatorPorts = 0x08, AllTargetPorts = 0x04, Unregister = 0x02, Persists = 0x01;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        uint length = command.CdbUInt32(5);
        ReservationAction action = ActionOf(command);
        bool scopeCounts = action is ReservationAction.Reserve or ReservationAction.Release or ReservationAction.Preempt or ReservationAction.PreemptAndAbort;
        if (scopeCounts && !TypeOf(command).IsValid()) command.Check(Sense.InvalidFieldInCdb.AtCdbByte(2));
        else if (length is < ListBytes or > ListBytesMax || command.ExpectedOut < length) command.Check(Sense.ParameterListLength);
        else command.RequestDataOut((int)length);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        ReadOnlySpan<byte> list = command.Data[..command.DataOutLength];
        ReservationAction action = ActionOf(command);
        var request = new ReservationRequest(action, command.Nexus.Identity)
        {
            Type = TypeOf(command),
            Key = BinaryPrimitives.ReadUInt64BigEndian(list),
            ServiceActionKey = BinaryPrimitives.ReadUInt64BigEndian(list[8..]),
        };
        if (action == ReservationAction.RegisterAndMove) Move(command, request, list);
        else Change(command, request, list);
    }

    private static void Change(ScsiCommand command, ReservationRequest request, ReadOnlySpan<byte> list)
    {
        bool names = (list[20] & SpecifiesInitiatorPorts) != 0;
        bool registers = request.Action is ReservationAction.Register or ReservationAction.RegisterAndIgnoreExistingKey;
        List<NexusIdentity> others = [];
        if (names && request.Action != ReservationAction.Register)
        {
            command.Check(Sense.InvalidFieldInParameters.AtParameterByte(20));
        }
        else if (!names && list.Length != ListBytes)
        {
            command.Check(Sense.ParameterListLength);
        }
        else if (registers && (list[20] & Persists) != 0 && !command.Slot!.Unit.Reservations.CanPersist)
        {
            command.Check(Sense.InvalidFieldInParameters.AtParameterByte(20));
        }
        else if (!names || TryNames(command, list, others))
        {
            command.Change(request with
            {
                AllTargetPorts = (list[20] & AllTargetPorts) != 0,
                Persist = registers && (list[20] & Persists) != 0,
                NamesOthers = names,
                Others = others,
            });
        }
    }

    private static bool TryNames(ScsiCommand command, ReadOnlySpan<byte> list, List<NexusIdentity> others)
    {
        const int firstName = ListBytes + 4;
        if (list.Length < firstName || BinaryPrimitives.ReadUInt32BigEndian(list[ListBytes..]) != list.Length - firstName)
        {
            command.Check(Sense.ParameterListLength);
            return false;
        }

        for (int at = firstName; at < list.Length;)
        {
            if (!TransportId.TryParse(list[at..], out string name, out ulong isid, out int length))
            {
                command.Check(Sense.InvalidFieldInParameters.AtParameterByte(at));
                return false;
            }

            others.Add(command.Nexus.Identity with { InitiatorName = name, Isid = isid });
            at += length;
        }

        return true;
    }

    private static void Move(ScsiCommand command, ReservationRequest request, ReadOnlySpan<byte> list)
    {
        bool persists = (list[17] & Persists) != 0;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(list[18..]);
        NexusIdentity own = command.Nexus.Identity;
        if (BinaryPrimitives.ReadUInt32BigEndian(list[20..]) != list.Length - ListBytes)
        {
            command.Check(Sense.ParameterListLength);
        }
        else if (persists && !command.Slot!.Unit.Reservations.CanPersist)
        {
            command.Check(Sense.InvalidFieldInParameters.AtParameterByte(17));
        }
        else if (port != own.RelativeTargetPort)
        {
            // The ports of the target device that we know of here are those of this nexus.
            command.Check(Sense.InvalidFieldInParameters.AtParameterByte(18));
        }
        else if (!TransportId.TryParse(list[ListBytes..], out string name, out ulong isid, out int length) || length != list.Length - ListBytes)
        {
            command.Check(Sense.InvalidFieldInParameters.AtParameterByte(ListBytes));
        }
        else
        {
            command.Change(request with
            {
                Persist = persists,
                Unregister = (list[17] & Unregister) != 0,
                Others = [own with { InitiatorName = name, Isid = isid }],
            });
        }
    }

    private static ReservationAction ActionOf(ScsiCommand command) => (ReservationAction)(command.Cdb[1] & 0x1F);

    /// <summary>Scope and type; <see cref="ReservationType.None"/> when the scope is not that of a logical unit.</summary>
    private static ReservationType TypeOf(ScsiCommand command) => command.Cdb[2] < 0x10 ? (ReservationType)command.Cdb[2] : ReservationType.None;
}
