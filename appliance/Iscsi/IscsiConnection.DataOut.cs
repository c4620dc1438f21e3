using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>
/// Data of writes: with the command, unsolicited behind it, and asked for by R2T (RFC 7143, 4.2.5.2, 11.7, 11.8), always in order.
/// Unsolicited data that finds no buffer is dropped and asked for again once there is one, so that a full pool delays and never refuses.
/// </summary>
public sealed partial class IscsiConnection
{
    /// <summary>The task whose segment is being received, also where its bytes are dropped.</summary>
    private IscsiTask? _openTask;

    private void OpenSegment(IscsiTask task, int offset)
    {
        _openTask = task;
        if (task.Command.WantsData && !task.UnsolicitedDropped) (_segmentTask, _segmentTaskOffset) = (task, offset);
        else task.UnsolicitedDropped = true;
    }

    private void OnDataOut(BasicHeader header)
    {
        // A task that has ended, or was never started for want of a slot: its data is still on the way (RFC 7143, 11.7).
        if (_session!.Find(header.InitiatorTaskTag) is not { IsAborted: false } task)
        {
            _ignored = true;
            return;
        }

        bool solicited = header.TargetTransferTag != BasicHeader.ReservedTag;
        if (BrokenClause(header, task, solicited) is { } clause)
        {
            _ignored = true;
            Refuse(header, new Violation(ViolationScope.Connection, RejectReason.ProtocolError, clause));
            return;
        }

        uint length = (uint)header.DataSegmentLength;
        task.SegmentOpen = true;
        if (header.UInt32(36) != task.DataSN && !Sabotage.IgnoresDataSN) task.SequenceBroken = true;
        task.DataSN++;
        if (length > 0) OpenSegment(task, (int)task.Received);
        else _openTask = task;
        task.Received += length;
        if (!header.Final) return;
        if (solicited)
        {
            task.EndR2T();
        }
        else
        {
            task.UnsolicitedOpen = false;
            task.DataSN = 0;
        }
    }

    /// <summary>The clause that a Data-Out breaks; null for the next piece of an open sequence, whole when it says F.</summary>
    private string? BrokenClause(BasicHeader header, IscsiTask task, bool solicited)
    {
        // Of the R2T that is due, or announced with the command and not ended yet.
        if (solicited && !task.IsDueR2T(header.TargetTransferTag)) return "RFC 7143, 11.7.4";
        if (!solicited && !task.UnsolicitedOpen) return "RFC 7143, 13.10";

        // DataPDUInOrder: the next byte.
        if (header.UInt32(40) != task.Received) return "RFC 7143, 11.7.6";
        return solicited ? BrokenSolicited(header, task) : BrokenUnsolicited(header, task);
    }

    /// <summary>No more than the R2T asked for, and F with its last byte only.</summary>
    private static string? BrokenSolicited(BasicHeader header, IscsiTask task)
    {
        uint left = task.DueEnd - task.Received;
        uint length = (uint)header.DataSegmentLength;
        if (length > left) return "RFC 7143, 11.8.4";
        return header.Final == (length == left) ? null : "RFC 7143, 11.7.1";
    }

    /// <summary>No more than the first burst, and than the whole.</summary>
    private string? BrokenUnsolicited(BasicHeader header, IscsiTask task)
    {
        uint end = task.Received + (uint)header.DataSegmentLength;
        if (end > task.ExpectedOut) return "RFC 7143, 11.3.4";
        return end <= (uint)_session!.Parameters.FirstBurstLength ? null : "RFC 7143, 13.14";
    }

    private void OnSegmentReceived()
    {
        IscsiTask? task = _openTask;
        (_openTask, _segmentTask) = (null, null);
        if (task is not null) OnSegmentOf(task);
    }

    private void OnSegmentOf(IscsiTask task)
    {
        task.SegmentOpen = false;
        AdvanceDataOut(task);
    }

    /// <summary>Does what is due: the answer of a command that ended early, the next R2Ts, or the command's execution.</summary>
    internal void AdvanceDataOut(IscsiTask task)
    {
        if (task.SegmentOpen || task.UnsolicitedOpen || task.IsAborted || task.IsAnswered) return;
        if (task.IsCompleted)
        {
            // Not before the last sequence that was asked for has come (RFC 7143, 11.4.2).
            if (!task.OwesData) Answer(task);
            return;
        }

        if (!task.Command.WantsData) return;
        if (task.SequenceBroken)
        {
            // The command fails, not the connection, and only after the data of every R2T (RFC 7143, 7.8 and 7.9).
            if (task.OutstandingR2T == 0) task.Command.DataOutLost();
            return;
        }

        uint wanted = (uint)task.Command.DataOutLength;
        if (task.UnsolicitedDropped) (task.UnsolicitedDropped, task.Received) = (false, 0);
        if (task.Received >= wanted)
        {
            task.Command.DataOutArrived();
            return;
        }

        if (task.OutstandingR2T == 0) task.NextR2T = task.Received;
        while (task.NextR2T < wanted && task.OutstandingR2T < _session!.Parameters.MaxOutstandingR2T) SendR2T(task, wanted);
    }

    private void SendR2T(IscsiTask task, uint wanted)
    {
        uint offset = task.NextR2T;
        uint length = Math.Min((uint)_session!.Parameters.MaxBurstLength, wanted - offset);
        uint number = task.R2TSN;
        Ring.Counters.CountReadyToTransfer();
        uint transferTag = task.AddR2T(length);
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        ReadyToTransfer.Format(pdu, task.Lun, task.Tag, transferTag, number, offset, length);
        SendWithoutStatus(pdu);
    }
}
