using System.Diagnostics;
using VSan.Block;

namespace VSan.Scsi;

/// <summary>
/// One SCSI command, a slot that is used again and again. Owned by the transport's task, on one ring's thread.
/// <code>
///            Start                     lease                 DataOutArrived              last block request
///   Idle ───────────► WaitingForLease ───────► AwaitingData ───────────────► Executing ───────────────────► Completed
///    ▲  └── error, or a command without data ──────────────────────────────────────────────────────────────────►│
///    └────────────────────────────────────────────── Release ───────────────────────────────────────────────────┘
/// </code>
/// A data-in command goes from the lease straight to Executing.
/// </summary>
public sealed partial class ScsiCommand
{
    /// <summary>CDBs of up to 16 bytes are taken; longer ones have no command of ours.</summary>
    public const int CdbBytesMax = 16;

    /// <summary>Longest sense data.</summary>
    public const int SenseBytesMax = Scsi.Sense.BytesMax;

    private readonly ScsiRing _ring;
    private readonly IScsiTask _task;
    private readonly BlockRequest _request;
    private readonly byte[] _cdb = new byte[CdbBytesMax];
    private readonly byte[] _sense = new byte[SenseBytesMax];
    private CommandDescriptor? _descriptor;
    private BufferLease _lease;
    private int _senseLength;
    private bool _aborted;
    private bool _withdrawn;

    /// <summary>Makes a slot for <paramref name="task"/>; once, at start.</summary>
    public ScsiCommand(ScsiRing ring, IScsiTask task)
    {
        _ring = ring;
        _task = task;
        _request = new BlockRequest { RingIndex = ring.RingIndex, Completion = new Completion(this) };
    }

    private enum CommandState
    {
        Idle,
        WaitingForLease,
        AwaitingData,
        Executing,
        Completed,
    }

    /// <summary>Status; final after <see cref="IScsiTask.OnCompleted"/>.</summary>
    public ScsiStatus Status { get; private set; }

    /// <summary>Sense data, in the format that D_SENSE asks for; empty unless the status is CHECK CONDITION.</summary>
    public ReadOnlySpan<byte> SenseData => _sense.AsSpan(0, _senseLength);

    /// <summary>Bytes of data-out that the transport brings: what the CDB asks for or the initiator announced, whichever is less.</summary>
    public int DataOutLength { get; private set; }

    /// <summary>Bytes of data-in that the transport sends from the start of the buffer.</summary>
    public int DataInLength { get; private set; }

    /// <summary>Bytes that the command, by its CDB and its outcome, moves: against the initiator's expectation this is the residual (SAM-5, 5.4.2).</summary>
    public long TransferLength { get; private set; }

    /// <summary>First byte of the buffer; zero without one.</summary>
    public nint DataAddress => _lease.Address;

    /// <summary>True while the buffer for data-out is there and not yet declared full.</summary>
    public bool WantsData => State == CommandState.AwaitingData;

    /// <summary>True when nothing of the command is with a volume any more.</summary>
    public bool IsCompleted => State is CommandState.Completed or CommandState.Idle;

    /// <summary>The logical unit, or null where the LUN has none.</summary>
    public LogicalUnit? Unit => Slot?.Unit;

    internal ScsiNexus Nexus { get; private set; } = null!;

    internal LunSlot? Slot { get; private set; }

    internal int RingIndex => _ring.RingIndex;

    internal int RentBytes { get; private set; }

    internal ScsiCommand? NextWaiting { get; set; }

    internal ScsiCommand? PreviousWaiting { get; set; }

    internal ReadOnlySpan<byte> Cdb => _cdb;

    internal Span<byte> Data => _lease.Span;

    private CommandState State { get; set; }

    /// <summary>The piece of the data-out buffer from <paramref name="offset"/> on, for the transport to fill.</summary>
    public Span<byte> DataOut(int offset, int length) => _lease.Span.Slice(offset, length);

    /// <summary>Begins. Either of the task's calls may come from inside.</summary>
    /// <param name="nexus">Who asks.</param>
    /// <param name="lun">The LUN field, first byte most significant.</param>
    /// <param name="cdb">16 bytes, shorter CDBs padded.</param>
    /// <param name="expectedOut">Bytes that the initiator will send.</param>
    public void Start(ScsiNexus nexus, ulong lun, ReadOnlySpan<byte> cdb, uint expectedOut)
    {
        Debug.Assert(State == CommandState.Idle && cdb.Length == CdbBytesMax);
        cdb.CopyTo(_cdb);
        (Nexus, Slot, ExpectedOut) = (nexus, nexus.Slot(lun), expectedOut);
        (Status, _senseLength, DataOutLength, DataInLength, TransferLength, Step) = (ScsiStatus.Good, 0, 0, 0, 0, 0);
        (_aborted, _withdrawn) = (false, false);
        _descriptor = CommandTable.Find(_cdb);
        if (!TryAdmit(_descriptor)) return;
        _descriptor!.Handler.Begin(this);
    }

    /// <summary>All of <see cref="DataOutLength"/> is in the buffer.</summary>
    public void DataOutArrived()
    {
        Debug.Assert(State == CommandState.AwaitingData);
        State = CommandState.Executing;
        _descriptor!.Handler.OnDataOut(this);
    }

    /// <summary>A piece of the data-out was lost on the way: ends the command, once all that was asked for has come or been given up.</summary>
    public void DataOutLost()
    {
        Debug.Assert(State == CommandState.AwaitingData);
        Check(Scsi.Sense.ProtocolServiceCrcError);
    }

    /// <summary>Ends the command with TASK ABORTED; whether the initiator hears of it is the transport's to know (SAM-5, 5.6).</summary>
    /// <returns><c>true</c>: ended now, no <see cref="IScsiTask.OnCompleted"/> follows; <c>false</c>: it came from inside or follows when the volume is done.</returns>
    public bool Abort()
    {
        _aborted = true;
        if (State == CommandState.Executing)
        {
            // What waits for the volume's limit ends inside; an abort must not take as long as the limit makes it wait.
            _ = _target?.Volume.TryRecall(_request);
            return false;
        }

        if (State == CommandState.WaitingForLease) _ring.StopWaiting(this);
        (Status, _senseLength, State) = (ScsiStatus.TaskAborted, 0, CommandState.Completed);
        return true;
    }

    /// <summary>
    /// The nexus sees the logical unit no more: ends the command with LOGICAL UNIT NOT SUPPORTED, at once, or when the volume is done with it.
    /// </summary>
    public void Withdraw()
    {
        _withdrawn = true;
        if (State == CommandState.WaitingForLease) _ring.StopWaiting(this);
        if (State is CommandState.WaitingForLease or CommandState.AwaitingData) Check(Scsi.Sense.LunNotSupported);
        else if (State == CommandState.Executing) _ = _target?.Volume.TryRecall(_request);
    }

    /// <summary>Gives the buffer back and makes the slot free. Not before the last byte of data-in was sent.</summary>
    public void Release()
    {
        Debug.Assert(State is CommandState.Completed or CommandState.Idle);
        if (!_lease.IsEmpty) _ring.Return(Nexus, _lease);
        (_lease, State, Slot, Nexus, RentBytes) = (default, CommandState.Idle, null, null!, 0);
    }

    internal void OnLease(BufferLease lease)
    {
        _lease = lease;
        Nexus.LeasedBytes += lease.LengthBytes;
        if (_wantsDataOut)
        {
            State = CommandState.AwaitingData;
            _task.OnDataOutWanted();
            return;
        }

        State = CommandState.Executing;
        _descriptor!.Handler.OnBuffer(this);
    }

    /// <summary>
    /// What every command must pass before its own rules in this order: LUN, reservation (SAM-5, 5.3.3: before any sense), attention, operation
    /// code, access state of the port, CDB bits, protection.
    /// </summary>
    private bool TryAdmit(CommandDescriptor? descriptor)
    {
        bool answersAlways = descriptor is not null && descriptor.AnswersAlways;
        if (Slot is null)
        {
            if (!answersAlways) return Refuse(Scsi.Sense.LunNotSupported);
        }
        else if (descriptor is not null && Slot.Unit.Reservations.Held is { } held && Slot.Conflicts(held, descriptor.RuleOf(_cdb)))
        {
            End(ScsiStatus.ReservationConflict);
            return false;
        }
        else if (!answersAlways && Slot.HasAttention)
        {
            Sense attention = Slot.TakeAttention();
            if (attention == Scsi.Sense.LunsChanged) Nexus.ClearLunsChanged();
            if (attention != Scsi.Sense.None) return Refuse(attention);
        }

        if (descriptor is null || !descriptor.IsOffered(Unit)) return Refuse(UnknownCommand());
        if (Slot is not null && !descriptor.RunsIn(Nexus.AccessState)) return Refuse(Scsi.Sense.Of(Nexus.AccessState));
        if (!answersAlways && Slot!.Unit.Sanitize != SanitizeState.None && !MayRunWhileSanitized(descriptor)) return false;
        int bad = descriptor.FirstBadByte(_cdb);
        if (bad >= 0) return Refuse(Scsi.Sense.InvalidFieldInCdb.AtCdbByte(bad));
        if (descriptor.Writes && Slot is { IsWriteProtected: true } slot) return Refuse(slot.ReadOnly ? Scsi.Sense.WriteProtected : Scsi.Sense.SoftwareWriteProtected);
        return true;
    }

    /// <summary>While SANITIZE runs nothing else does; after one that failed only another (SBC-3).</summary>
    private bool MayRunWhileSanitized(CommandDescriptor descriptor)
    {
        bool inProgress = Slot!.Unit.Sanitize == SanitizeState.InProgress;
        if (!inProgress && descriptor.Sanitizes) return true;
        return Refuse(inProgress ? Scsi.Sense.SanitizeInProgress : Scsi.Sense.SanitizeFailed);
    }

    /// <summary>An operation code that we have with other service actions is a CDB with a wrong field (SPC-4).</summary>
    private Sense UnknownCommand() =>
        CommandTable.HasServiceActions(_cdb[0]) ? Scsi.Sense.InvalidFieldInCdb.AtCdbByte(1) : Scsi.Sense.InvalidOpCode.AtCdbByte(0);

    private bool Refuse(Sense sense)
    {
        Check(sense);
        return false;
    }

    private sealed class Completion(ScsiCommand command) : IBlockCompletion
    {
        public void OnCompleted(BlockRequest request) => command.OnBlockCompleted();
    }
}
