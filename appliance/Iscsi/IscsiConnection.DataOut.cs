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
        if (!IsExpected(header, task, solicited))
        {
            _ignored = true;
            Refuse(header, new Violation(ViolationScope.Connection, RejectReason.ProtocolError, "RFC 7143, 11.7"));
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

    /// <summary>In an open sequence, with the next offset, not beyond its end, and whole when it says F (RFC 7143, 11.7.5).</summary>
    private bool IsExpected(BasicHeader header, IscsiTask task, bool solicited)
    {
        uint offset = header.UInt32(40);
        uint length = (uint)header.DataSegmentLength;
        if (offset != task.Received) return false;
        if (solicited)
        {
            if (!task.IsDueR2T(header.TargetTransferTag)) return false;
            uint left = task.DueEnd - task.Received;
            return header.Final ? length == left : length < left;
        }

        uint end = Math.Min((uint)_session!.Parameters.FirstBurstLength, task.ExpectedOut);
        return task.UnsolicitedOpen && length <= end - task.Received;
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
