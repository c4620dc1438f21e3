using System.Buffers.Binary;
using VSan.Iscsi.Pdu;
using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>SCSI commands: their start, and their answer with data, status, sense and residual (RFC 7143, 11.3, 11.4, 11.7).</summary>
public sealed partial class IscsiConnection
{
    /// <summary>Immediate commands beside the window: as many again as the window holds.</summary>
    private bool TooManyImmediate(BasicHeader header) =>
        header.Immediate && _session!.InFlight >= 2 * Ring.Limits.CommandsPerSession;

    private void OnScsiCommand(BasicHeader header)
    {
        IscsiSession session = _session!;
        if (BrokenClause(header, session) is { } clause)
        {
            _ignored = true;
            Refuse(header, new Violation(ViolationScope.Connection, RejectReason.ProtocolError, clause));
            return;
        }

        if (session.Find(header.InitiatorTaskTag) is not null)
        {
            Ignore(header, RejectReason.TaskInProgress, "RFC 7143, 11.2.1.8");
            return;
        }

        if (TooManyImmediate(header))
        {
            Ignore(header, RejectReason.TooManyImmediateCommands, "RFC 7143, 4.2.2.1");
            return;
        }

        if (Ring.TakeTask() is not { } task)
        {
            _ignored = true;
            Ring.Counters.CountTaskSetFull();
            SendStatusOnly(header, ScsiStatus.TaskSetFull);
            return;
        }

        task.Begin(this, header);
        task.StartedAt = Ring.Meter.Now;
        session.Add(task);
        _outstanding.Begin();
        task.Command.Start(session.Nexus, header.Lun, header.Raw.Slice(32, ScsiCommand.CdbBytesMax), task.ExpectedOut);
        task.Received = (uint)header.DataSegmentLength;
        if (task.SegmentOpen) OpenSegment(task, 0);
        else if (!task.IsAnswered) OnSegmentOf(task);
    }

    /// <summary>The clause that a SCSI Command breaks; null for none.</summary>
    private static string? BrokenClause(BasicHeader header, IscsiSession session)
    {
        const byte read = 0x40, write = 0x20;
        bool writes = (header.Flags & write) != 0;
        if (session.Target is null) return "RFC 7143, 4.3";
        if (header.InitiatorTaskTag == BasicHeader.ReservedTag) return "RFC 7143, 11.2.1.8";

        // Both directions at once is no command of ours; without F unsolicited data follows, which only a write has.
        bool both = (header.Flags & (read | write)) == (read | write);
        if (both || (!header.Final && !writes)) return "RFC 7143, 11.3.1";
        if (!header.Final && session.Parameters.InitialR2T) return "RFC 7143, 13.10";
        int length = header.DataSegmentLength;
        if (length == 0) return null;

        // Data with the command: of a write, where agreed, no more than the first burst and the whole.
        if (!writes) return "RFC 7143, 11.3.6";
        if (!session.Parameters.ImmediateData) return "RFC 7143, 13.11";
        if ((uint)length > header.UInt32(20)) return "RFC 7143, 11.3.4";
        return length <= session.Parameters.FirstBurstLength ? null : "RFC 7143, 13.14";
    }

    /// <summary>From the command's end on, in whichever turn that comes.</summary>
    internal void OnTaskCompleted(IscsiTask task)
    {
        if (task.IsAborted) Retire(task);
        else if (!task.OwesData) Answer(task);
    }

    /// <summary>The session sees <paramref name="unit"/> no more: its commands there end with a status that says so, and none is left unanswered.</summary>
    private void WithdrawTasks(LogicalUnit unit)
    {
        foreach (IscsiTask task in _session!.Tasks())
        {
            if (task.Command.Concerns(unit) && !task.IsAborted) task.Command.Withdraw();
        }
    }

    private void Answer(IscsiTask task)
    {
        ScsiCommand command = task.Command;
        _session!.OnAnswered(task);
        int length = (int)Math.Min((uint)command.DataInLength, task.ExpectedIn);
        Ring.Meter.OnAnswered(task, _session.Measures, length);
        uint dataSN = 0;
        if (length > 0) dataSN = SendDataIn(task, length);
        if (length == 0 || command.Status != ScsiStatus.Good) SendScsiResponse(task, dataSN);
        task.IsAnswered = true;
        FreeWhenDone(task);
    }

    /// <summary>Data-In in segments that the initiator takes and bursts that were agreed; the last carries GOOD (phase collapse).</summary>
    /// <returns>How many were sent.</returns>
    private uint SendDataIn(IscsiTask task, int length)
    {
        int segmentBytesMax = _parameters.SendSegmentBytesMax;
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        uint dataSN = 0;
        int burstMax = _session!.Parameters.MaxBurstLength, burstLeft = burstMax;
        for (int offset = 0; offset < length;)
        {
            int piece = Math.Min(Math.Min(segmentBytesMax, burstLeft), length - offset);
            burstLeft -= piece;
            bool last = offset + piece == length;
            bool final = last || burstLeft == 0;
            if (final) burstLeft = burstMax;
            bool withStatus = last && task.Command.Status == ScsiStatus.Good;
            (byte residualFlags, uint residual) = withStatus ? Residual(task) : default;
            byte flags = (byte)((final ? DataIn.Final : 0) | (withStatus ? DataIn.Status | residualFlags : 0));
            DataIn.Format(pdu, flags, (byte)ScsiStatus.Good, piece, task.Tag, dataSN++, (uint)offset, residual);
            if (withStatus) BinaryPrimitives.WriteUInt32BigEndian(pdu[24..], _statSN++);
            StampWindow(pdu);
            SendHeader(pdu);
            uint crc = _dataDigest ? Crc32C.Append(Crc32C.Seed, task.Command.DataOut(offset, piece)) : 0;
            task.PayloadsOut++;
            Transport.Send(task, offset, piece);
            SendTrailer(piece, crc);
            offset += piece;
        }

        return dataSN;
    }

    private void SendScsiResponse(IscsiTask task, uint dataSN)
    {
        const int senseLengthBytes = 2;
        ReadOnlySpan<byte> sense = task.Command.SenseData;
        Span<byte> data = stackalloc byte[senseLengthBytes + ScsiCommand.SenseBytesMax];
        int length = 0;
        if (!sense.IsEmpty)
        {
            BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)sense.Length);
            sense.CopyTo(data[senseLengthBytes..]);
            length = senseLengthBytes + sense.Length;
        }

        (byte residualFlags, uint residual) = Residual(task);
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        ScsiResponse.Format(pdu, residualFlags, (byte)task.Command.Status, length, task.Tag, dataSN, residual);
        SendWithStatus(pdu, data[..length]);
    }

    private void SendStatusOnly(BasicHeader header, ScsiStatus status)
    {
        const byte read = 0x40, write = 0x20;
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        uint expected = (header.Flags & (read | write)) != 0 ? header.UInt32(20) : 0;
        ScsiResponse.Format(pdu, expected > 0 ? ScsiResponse.Underflow : (byte)0, (byte)status, 0, header.InitiatorTaskTag, 0, expected);
        SendWithStatus(pdu, default);
    }

    /// <summary>What the initiator expected against what the command moves (RFC 7143, 11.4.5); what goes the other way meets no expectation.</summary>
    private static (byte Flags, uint Count) Residual(IscsiTask task)
    {
        long expected = task.ExpectedIn > 0 ? task.ExpectedIn : task.ExpectedOut;
        bool otherWay = expected > 0 && (task.ExpectedIn > 0) != (task.Command.DataInLength > 0);
        long difference = (otherWay ? 0 : task.Command.TransferLength) - expected;
        if (difference == 0) return default;
        return difference > 0 ? (ScsiResponse.Overflow, (uint)difference) : (ScsiResponse.Underflow, (uint)-difference);
    }

    /// <summary>Ends a task without an answer, or with TASK ABORTED.</summary>
    /// <param name="task">Which.</param>
    /// <param name="waiting">What waits until the medium is at rest, or null.</param>
    /// <param name="tell">True: another nexus ends it, and the initiator would wait for an answer until its timer (TAS, docs/adr/0033).</param>
    private void Abort(IscsiTask task, PendingFunction? waiting, bool tell = false)
    {
        if (waiting is not null && !Sabotage.AnswersAbortAtOnce) task.Await(waiting);
        if (task.IsAborted) return;
        (task.IsAborted, task.TellsAbort) = (true, tell);
        if (task.Command.Abort()) Retire(task);
    }

    private void Retire(IscsiTask task)
    {
        _session!.OnAnswered(task);
        if (task.TellsAbort && _state == ConnectionState.FullFeature)
        {
            Ring.Meter.OnAnswered(task, _session.Measures, 0);
            SendScsiResponse(task, 0);
        }

        task.IsAnswered = true;
        FreeWhenDone(task);
    }

    internal void FreeWhenDone(IscsiTask task)
    {
        if (!task.IsAnswered || task.PayloadsOut > 0 || !task.Command.IsCompleted) return;
        if (ReferenceEquals(_openTask, task)) (_openTask, _segmentTask) = (null, null);
        PendingFunction? waiting = task.AwaitedBy;
        task.Command.Release();
        Ring.Free(task);
        _session!.Outstanding.End();
        _outstanding.End();

        // Until then the ring has to find it: a reset or a preemption waits for the last write of a session that is gone, too.
        if (_state == ConnectionState.Closed && IsQuiescent) Ring.Remove(this);
        waiting?.Done();
    }
}
