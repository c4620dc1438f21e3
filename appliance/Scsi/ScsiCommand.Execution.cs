using System.Buffers.Binary;
using System.Diagnostics;
using VSan.Block;

namespace VSan.Scsi;

/// <summary>What a command's handler may do with it: ask for data, ask the volume, end it.</summary>
public sealed partial class ScsiCommand
{
    private bool _wantsDataOut;
    private bool _pumping;
    private bool _submitted;
    private bool _completedInside;
    private WriteAccess _access;

    // Whose volume is asked, and whose gate _access is for: the command's own logical unit, but for copies.
    private LogicalUnit? _target;

    // What a handler of several steps remembers between them; its own meaning, zero at start.
    internal int Step { get; set; }

    internal ulong NextLba { get; set; }

    internal ulong RemainingBlocks { get; set; }

    internal int ChunkBlocks { get; set; }

    /// <summary>Answer to <see cref="BlockOperation.FindExtent"/>.</summary>
    internal (BlockCount Count, bool IsMapped) Extent => (_request.ExtentCount, _request.IsExtentMapped);

    /// <summary>How the last request to a volume ended.</summary>
    internal BlockStatus LastStatus => _request.Status;

    /// <summary>Bytes that the initiator sends, by its own word.</summary>
    internal uint ExpectedOut { get; private set; }

    /// <summary>Where the handler's own room starts, in bytes: behind the data-out, on the next page, as O_DIRECT wants it.</summary>
    internal int WorkOffset => ((int)TransferLength + BufferPool.PieceBytesMin - 1) & -BufferPool.PieceBytesMin;

    internal IVolume Volume => Slot!.Unit.Volume;

    internal VolumeGeometry Geometry => Volume.Geometry;

    internal int BlockSize => Geometry.BlockSizeBytes;

    internal LogicalUnitCounters Counters => Slot!.Unit.Counters(_ring.RingIndex);

    internal ushort CdbUInt16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_cdb.AsSpan(at));

    internal uint CdbUInt32(int at) => BinaryPrimitives.ReadUInt32BigEndian(_cdb.AsSpan(at));

    internal ulong CdbUInt64(int at) => BinaryPrimitives.ReadUInt64BigEndian(_cdb.AsSpan(at));

    /// <summary>Ends with GOOD.</summary>
    internal void Good() => End(ScsiStatus.Good);

    /// <summary>Ends with GOOD and the first <paramref name="length"/> bytes of the buffer.</summary>
    internal void Good(int length)
    {
        DataInLength = length;
        TransferLength = length;
        End(ScsiStatus.Good);
    }

    /// <summary>Ends with CHECK CONDITION.</summary>
    internal void Check(Sense sense)
    {
        _senseLength = sense.Format(_sense, Unit?.Mode.DescriptorSense == true);
        DataInLength = 0;
        End(ScsiStatus.CheckCondition);
    }

    /// <summary>Asks for a buffer that the handler or the volume fills; <see cref="CommandHandler.OnBuffer"/> follows.</summary>
    internal void RequestDataIn(int bytes)
    {
        (_wantsDataOut, RentBytes, State) = (false, bytes, CommandState.WaitingForLease);
        _ring.Rent(this);
    }

    /// <summary>Asks for data-out; <see cref="CommandHandler.OnDataOut"/> follows.</summary>
    /// <param name="bytes">What the CDB asks for.</param>
    /// <param name="workBytes">More room behind it, for the handler.</param>
    internal void RequestDataOut(int bytes, int workBytes = 0)
    {
        TransferLength = bytes;
        DataOutLength = (int)Math.Min((uint)bytes, ExpectedOut);
        (_wantsDataOut, RentBytes, State) = (true, Math.Max(1, bytes + workBytes), CommandState.WaitingForLease);
        _ring.Rent(this);
    }

    /// <summary>Gives the volume one request; <see cref="CommandHandler.OnBlockCompleted"/> follows if it succeeds.</summary>
    internal void Submit(BlockOperation operation, Lba lba, BlockCount count, bool forceUnitAccess = false, int bufferOffset = 0)
    {
        _target = Slot!.Unit;
        Submit(operation, lba, count, forceUnitAccess, bufferOffset, _descriptor!.Writes);
    }

    private void Submit(BlockOperation operation, Lba lba, BlockCount count, bool forceUnitAccess, int bufferOffset, bool mustPassGate)
    {
        State = CommandState.Executing;
        _request.Operation = operation;
        _request.Lba = lba;
        _request.Count = count;
        _request.ForceUnitAccess = forceUnitAccess;
        _request.Buffer = _lease;
        _request.BufferOffset = bufferOffset;
        if (mustPassGate && _access == WriteAccess.None && !TryPassGate()) return;
        _submitted = true;
        if (!_pumping) Pump();
    }

    /// <summary>Has this command's ring go on with it. Any thread.</summary>
    /// <param name="granted">What the command has been given; none: it has to try again.</param>
    internal void PostGateOpen(WriteAccess granted) => _ring.Post(() => OnGateOpen(granted));

    private void OnGateOpen(WriteAccess granted)
    {
        _access = granted;
        if (_aborted || _withdrawn)
        {
            EndEarly();
        }
        else if (granted != WriteAccess.None || TryPassGate())
        {
            _submitted = true;
            Pump();
        }
    }

    private bool TryPassGate()
    {
        if (Sabotage.SkipsWriteGate) return true;
        WriteAccess wanted = _descriptor!.Atomic ? WriteAccess.Exclusive : WriteAccess.Shared;
        if (!_target!.Gate.TryEnter(this, wanted)) return false;
        _access = wanted;
        return true;
    }

    // A volume may complete inside Submit; a loop instead of recursion keeps the stack flat for commands of many steps.
    private void Pump()
    {
        _pumping = true;
        while (_submitted)
        {
            _submitted = false;
            _completedInside = false;
            _target!.Volume.Submit(_request);
            if (!_completedInside) break;
            Continue();
        }

        _pumping = false;
    }

    private void OnBlockCompleted()
    {
        if (_pumping)
        {
            _completedInside = true;
            return;
        }

        Continue();
    }

    private void Continue()
    {
        if (_aborted || _withdrawn)
        {
            EndEarly();
            return;
        }

        if (_request.Status == BlockStatus.Success)
        {
            _descriptor!.Handler.OnBlockCompleted(this);
            return;
        }

        _target!.Counters(_ring.RingIndex).Errors++;
        Check(_descriptor!.Handler.OnStopped(this, SenseOf(_request.Status, _request.Operation)));
    }

    private void EndEarly()
    {
        _ = _descriptor!.Handler.OnStopped(this, Scsi.Sense.None);
        if (_aborted) End(ScsiStatus.TaskAborted);
        else Check(Scsi.Sense.LunNotSupported);
    }

    private static Sense SenseOf(BlockStatus status, BlockOperation operation) => status switch
    {
        BlockStatus.Success => Scsi.Sense.None,
        BlockStatus.OutOfRange => Scsi.Sense.LbaOutOfRange,
        BlockStatus.NoSpace => Scsi.Sense.SpaceAllocationFailed,
        BlockStatus.MediumError => operation == BlockOperation.Read ? Scsi.Sense.UnrecoveredRead : Scsi.Sense.WriteError,
        BlockStatus.HardwareError => Scsi.Sense.InternalTargetFailure,
        BlockStatus.Closed => Scsi.Sense.LunNotSupported,
    };

    private void End(ScsiStatus status)
    {
        Debug.Assert(State != CommandState.Completed, "A command ends once.");
        Status = status;
        State = CommandState.Completed;
        if (_access != WriteAccess.None)
        {
            WriteAccess left = _access;
            _access = WriteAccess.None;
            _target!.Gate.Leave(this, left);
        }

        _task.OnCompleted();
    }
}
