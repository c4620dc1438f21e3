using System.Net.Sockets;

namespace VSan.IscsiInitiator;

/// <content>What the target says, and the task that sends.</content>
internal sealed partial class IscsiSession
{
    private const byte StatusPresent = 0x01;

    private async Task ServeAsync()
    {
        Task sending = SendAllAsync();
        IOException end = await ReceiveAllAsync();
        _socket.Close();
        _outgoing.Writer.TryComplete();
        lock (_numbers.Gate)
        {
            _ended = true;
            _numbers.WakeAll();
        }

        foreach (PendingTask pending in _pending.Values) pending.Fail(end);
        await sending;
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (byte[] bytes in _outgoing.Reader.ReadAllAsync()) await _stream.WriteAsync(bytes);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // The receiver sees the same end of the connection and tells everybody who waits.
            _outgoing.Writer.TryComplete();
        }
    }

    private async Task<IOException> ReceiveAllAsync()
    {
        try
        {
            while (true) Receive(await IscsiPdu.ReadAsync(_stream, digests: _access.Digests));
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            return new IOException("The connection has ended.", error);
        }
    }

    private void Receive(IscsiPdu pdu)
    {
        Advance(pdu);
        switch (pdu.Opcode)
        {
            case 0x25:
                ReceiveData(pdu);
                break;
            case 0x31:
                AnswerReadyToTransfer(pdu);
                break;
            case 0x20 when pdu.TargetTransferTag != IscsiPdu.NoTag && pdu.InitiatorTaskTag == IscsiPdu.NoTag:
                AnswerPing(pdu);
                break;
            case 0x32:
                AsynchronousEvents.Enqueue(pdu.Header[36]);
                break;
            case 0x3f:
                Rejects.Enqueue(pdu.Header[2]);
                break;
            default:
                if (_pending.TryRemove(pdu.InitiatorTaskTag, out PendingTask? pending)) pending.Complete(pdu);
                break;
        }
    }

    /// <summary>Takes StatSN and the command window from a PDU that carries them.</summary>
    private void Advance(IscsiPdu pdu)
    {
        bool numbered = pdu.Opcode switch
        {
            0x25 => (pdu.Flags & StatusPresent) != 0,
            0x31 => false,
            0x20 => pdu.InitiatorTaskTag != IscsiPdu.NoTag,
            _ => true,
        };
        lock (_numbers.Gate)
        {
            if (numbered) _expStatSN = pdu[24] + 1;
            _numbers.Advance(pdu[32]);
        }
    }

    private void ReceiveData(IscsiPdu pdu)
    {
        if (!_pending.TryGetValue(pdu.InitiatorTaskTag, out PendingTask? pending)) return;
        pdu.Data.CopyTo(pending.Read, (int)pdu[40]);
        if ((pdu.Flags & StatusPresent) == 0) return;
        _pending.TryRemove(pdu.InitiatorTaskTag, out _);
        pending.Complete(pdu);
    }

    private void AnswerReadyToTransfer(IscsiPdu ready)
    {
        if (!_pending.TryGetValue(ready.InitiatorTaskTag, out PendingTask? pending)) return;
        int offset = (int)ready[40];
        int end = offset + (int)ready[44];
        for (uint dataSN = 0; offset < end; dataSN++)
        {
            int length = Math.Min(_segmentBytes, end - offset);
            IscsiPdu data = new(0x05, offset + length == end ? IscsiPdu.Final : (byte)0) { Lun = _access.Lun, Data = pending.Write.Slice(offset, length).ToArray() };
            data.InitiatorTaskTag = ready.InitiatorTaskTag;
            data.TargetTransferTag = ready.TargetTransferTag;
            lock (_numbers.Gate) data[28] = _expStatSN;
            data[36] = dataSN;
            data[40] = (uint)offset;
            Send(data);
            offset += length;
        }
    }

    private void AnswerPing(IscsiPdu ping)
    {
        IscsiPdu answer = new(0x40) { InitiatorTaskTag = IscsiPdu.NoTag, TargetTransferTag = ping.TargetTransferTag, Data = ping.Data };
        lock (_numbers.Gate)
        {
            answer[24] = _numbers.CmdSN;
            answer[28] = _expStatSN;
        }

        Send(answer);
    }
}
