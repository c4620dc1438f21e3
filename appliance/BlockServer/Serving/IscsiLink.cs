using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using VSan.Iscsi;
using VSan.Reactor;

namespace VSan.BlockServer.Serving;

/// <summary>Joins one TCP connection with the iSCSI connection that speaks over it. Ring thread.</summary>
internal sealed class IscsiLink : IConnectionHandler, IConnectionTransport
{
    /// <summary>What a connection may send before its first login PDU is answered: that PDU, with room to spare.</summary>
    private const int UnreadBytesMax = 64 * 1024;

    private readonly RingFrontEnd _frontEnd;
    private readonly TcpConnection _tcp;
    private readonly IscsiConnection _iscsi;
    private readonly ushort _groupTag;
    private ArrayBufferWriter<byte>? _unread;

    internal IscsiLink(RingFrontEnd frontEnd, TcpConnection tcp, ushort groupTag)
    {
        (_frontEnd, _tcp, _groupTag) = (frontEnd, tcp, groupTag);
        _iscsi = frontEnd.Iscsi.Accept(this, $"{tcp.Peer}", new TargetPortal($"{tcp.Local}", groupTag));
    }

    public int QueuedBytes => _tcp.QueuedBytes;

    public void Send(ReadOnlySpan<byte> bytes) => _tcp.Send(bytes);

    public void Send(IPayload payload, int offset, int length) => _tcp.Send(payload.Address + offset, length, payload);

    public void Close(bool afterSend) => _tcp.Close(afterSend);

    public void PauseReceive(bool paused) => _tcp.PauseReceive(paused);

    public void MoveTo(int ringIndex, ReadOnlySpan<byte> header, ReadOnlySpan<byte> rest)
    {
        _unread = new ArrayBufferWriter<byte>();
        _unread.Write(header);
        KeepUnread(rest);
        _tcp.Leave(fd => _frontEnd.Siblings[ringIndex].Take(fd, _groupTag, _unread.WrittenMemory));
    }

    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (_unread is null) _iscsi.OnReceived(bytes);
        else KeepUnread(bytes);
    }

    [SuppressMessage("Performance", "CA1859", Justification = "The reactor knows no payloads; what it gives back is what Send gave it.")]
    public void OnSent(object owner) => ((IPayload)owner).OnSent();

    public void OnClosed()
    {
        _iscsi.OnClosed();
        _frontEnd.OnLinkClosed();
    }

    private void KeepUnread(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > UnreadBytesMax - _unread!.WrittenCount) _tcp.Close(afterSend: false);
        else _unread.Write(bytes);
    }
}
