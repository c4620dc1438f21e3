using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>What the initiator has acknowledged of this connection's statuses, and who waits for that (RFC 7143, 4.2.2.3.2).</summary>
public sealed partial class IscsiConnection
{
    private readonly Queue<(uint StatSN, PendingFunction Fence)> _fences = [];
    private uint _acknowledgedStatSN;

    /// <summary>Has <paramref name="fence"/> wait for all that was sent here; a ping asks the initiator for its word.</summary>
    internal void AwaitAcknowledgement(PendingFunction fence)
    {
        if (_state != ConnectionState.FullFeature || _acknowledgedStatSN == _statSN) return;
        if (_fences.Count == Ring.Limits.FencesPerConnection)
        {
            Drop(DropReason.StatusUnseen, "RFC 7143, 4.2.2.3.2");
            return;
        }

        fence.Add();
        _fences.Enqueue((_statSN, fence));
        Ping();
    }

    private void NoteAcknowledgement(BasicHeader header)
    {
        _acknowledgedStatSN = header.ExpStatSN;
        while (_fences.TryPeek(out (uint StatSN, PendingFunction Fence) first) && !SerialNumber.IsBefore(_acknowledgedStatSN, first.StatSN))
        {
            _fences.Dequeue().Fence.Done();
        }
    }

    /// <summary>Nothing that was sent can arrive any more.</summary>
    private void EndFences()
    {
        while (_fences.TryDequeue(out (uint StatSN, PendingFunction Fence) each)) each.Fence.Done();
    }
}
