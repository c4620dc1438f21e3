using VSan.Iscsi.Pdu;
using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// One SCSI command of a session from its PDU to the last byte of its answer; a slot of the ring's fixed array. Owned by the ring
/// thread. It is free again when the answer was queued, the volume is done, and the kernel has let go of each payload.
/// </summary>
internal sealed class IscsiTask : IScsiTask, IPayload
{
    /// <summary>R2Ts that may be outstanding; the largest value of <see cref="IscsiLimits.MaxOutstandingR2T"/>.</summary>
    public const int OutstandingR2TMax = 8;

    private readonly Burst[] _bursts = new Burst[OutstandingR2TMax];
    private int _firstBurst;
    private IscsiTask? _nextSameBucket;
    private (uint Received, uint R2TSN)? _progress;

    public IscsiTask(ScsiRing ring, int slot)
    {
        Slot = slot;
        Command = new ScsiCommand(ring, this);
    }

    /// <summary>One R2T and what has come for it.</summary>
    private struct Burst
    {
        public uint TransferTag;
        public uint End;
    }

    /// <summary>0-based place in the ring's array; the upper half of each transfer tag.</summary>
    public int Slot { get; }

    public ScsiCommand Command { get; }

    public IscsiConnection Connection { get; private set; } = null!;

    public uint Tag { get; private set; }

    public ulong Lun { get; private set; }

    /// <summary>Expected Data Transfer Length, by direction.</summary>
    public uint ExpectedIn { get; private set; }

    /// <inheritdoc cref="ExpectedIn"/>
    public uint ExpectedOut { get; private set; }

    /// <summary>Takes a place in the CmdSN window.</summary>
    public bool Immediate { get; private set; }

    /// <summary>The initiator will send unsolicited data until a PDU has F.</summary>
    public bool UnsolicitedOpen { get; set; }

    /// <summary>A data segment for this task is being received.</summary>
    public bool SegmentOpen { get; set; }

    /// <summary>Unsolicited data came before there was a buffer: it was dropped, and an R2T asks for all from the start.</summary>
    public bool UnsolicitedDropped { get; set; }

    /// <summary>A Data-Out had another DataSN than the next: one was lost or repeated, so that the data cannot be trusted.</summary>
    public bool SequenceBroken { get; set; }

    /// <summary>Bytes of data-out received in order.</summary>
    public uint Received { get; set; }

    /// <summary>Where the next R2T starts.</summary>
    public uint NextR2T { get; set; }

    /// <summary>DataSN that the next Data-Out of the current sequence must have.</summary>
    public uint DataSN { get; set; }

    public uint R2TSN { get; set; }

    public int OutstandingR2T { get; private set; }

    /// <summary>The initiator is to send data: behind the command, in an open segment, or for an R2T.</summary>
    public bool OwesData => !IsAborted && !IsAnswered && (UnsolicitedOpen || SegmentOpen || OutstandingR2T > 0);

    /// <summary>When <see cref="NotesProgress"/> last saw some; a timestamp of the ring's clock.</summary>
    public long ProgressAt { get; private set; }

    /// <summary>When its turn began; a timestamp of the ring's clock.</summary>
    public long StartedAt { get; set; }

    public bool IsCompleted { get; private set; }

    public bool IsAnswered { get; set; }

    public bool IsAborted { get; set; }

    /// <summary>Its end is answered with TASK ABORTED.</summary>
    public bool TellsAbort { get; set; }

    /// <summary>The task management function that waits for this task, or null.</summary>
    public PendingFunction? AwaitedBy { get; private set; }

    public ref IscsiTask? NextSameBucket => ref _nextSameBucket;

    public IscsiTask? NextFree { get; set; }

    /// <summary>Sends that the kernel still reads.</summary>
    public int PayloadsOut { get; set; }

    public nint Address => Command.DataAddress;

    public void Begin(IscsiConnection connection, BasicHeader header)
    {
        const byte read = 0x40, write = 0x20;
        (Connection, Tag, Lun, Immediate) = (connection, header.InitiatorTaskTag, header.Lun, header.Immediate);
        uint expected = header.UInt32(20);
        ExpectedIn = (header.Flags & read) != 0 ? expected : 0;
        ExpectedOut = (header.Flags & write) != 0 ? expected : 0;
        UnsolicitedOpen = ExpectedOut > 0 && !header.Final;
        (SegmentOpen, UnsolicitedDropped, IsCompleted, IsAnswered, IsAborted, TellsAbort) = (header.DataSegmentLength > 0, false, false, false, false, false);
        (Received, NextR2T, DataSN, R2TSN, OutstandingR2T, _firstBurst, PayloadsOut) = (0, 0, 0, 0, 0, 0, 0);
        (AwaitedBy, SequenceBroken, _progress) = (null, false, null);
    }

    /// <summary>Compares with the last look, so that the data path itself reads no clock.</summary>
    /// <returns><c>true</c>: data came or was asked for since then.</returns>
    public bool NotesProgress(long now)
    {
        if (_progress == (Received, R2TSN)) return false;
        (_progress, ProgressAt) = ((Received, R2TSN), now);
        return true;
    }

    /// <summary>Notes an R2T; its tag is never the reserved one, as no slot is FFFFh.</summary>
    public uint AddR2T(uint length)
    {
        uint tag = ((uint)Slot << 16) | (R2TSN & 0xFFFF);
        NextR2T += length;
        _bursts[(_firstBurst + OutstandingR2T++) % OutstandingR2TMax] = new Burst { TransferTag = tag, End = NextR2T };
        R2TSN++;
        return tag;
    }

    /// <summary>The R2T whose data is due, by DataSequenceInOrder=Yes the oldest.</summary>
    public bool IsDueR2T(uint transferTag) => OutstandingR2T > 0 && _bursts[_firstBurst].TransferTag == transferTag;

    /// <summary>End of the sequence that is being received.</summary>
    public uint DueEnd => _bursts[_firstBurst].End;

    public void EndR2T()
    {
        _firstBurst = (_firstBurst + 1) % OutstandingR2TMax;
        OutstandingR2T--;
        DataSN = 0;
    }

    public void OnDataOutWanted() => Connection.AdvanceDataOut(this);

    public void OnCompleted()
    {
        IsCompleted = true;
        Connection.OnTaskCompleted(this);
    }

    public void OnSent()
    {
        PayloadsOut--;
        Connection.FreeWhenDone(this);
    }

    /// <summary>Has <paramref name="function"/> hear of the end, beside any that waits already.</summary>
    public void Await(PendingFunction function)
    {
        function.Add();
        AwaitedBy = AwaitedBy is { } first
            ? new PendingFunction(() =>
            {
                first.Done();
                function.Done();
            })
            : function;
    }
}
