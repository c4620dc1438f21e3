using System.Diagnostics.CodeAnalysis;
using VSan.Iscsi;
using VSan.Reactor;

namespace VSan.BlockServer.Serving;

/// <summary>Joins one TCP connection with the iSCSI connection that speaks over it. Ring thread.</summary>
internal sealed class IscsiLink : IConnectionHandler, IConnectionTransport
{
    private readonly RingFrontEnd _frontEnd;
    private readonly TcpConnection _tcp;
    private readonly IscsiConnection _iscsi;

    internal IscsiLink(RingFrontEnd frontEnd, TcpConnection tcp, ushort groupTag)
    {
        _frontEnd = frontEnd;
        _tcp = tcp;
        _iscsi = frontEnd.Iscsi.Accept(this, $"{tcp.Peer}", new TargetPortal($"{tcp.Local}", groupTag));
    }

    public int QueuedBytes => _tcp.QueuedBytes;

    public void Send(ReadOnlySpan<byte> bytes) => _tcp.Send(bytes);

    public void Send(IPayload payload, int offset, int length) => _tcp.Send(payload.Address + offset, length, payload);

    public void Close(bool afterSend) => _tcp.Close(afterSend);

    public void OnReceived(ReadOnlySpan<byte> bytes) => _iscsi.OnReceived(bytes);

    [SuppressMessage("Performance", "CA1859", Justification = "The reactor knows no payloads; what it gives back is what Send gave it.")]
    public void OnSent(object owner) => ((IPayload)owner).OnSent();

    public void OnClosed()
    {
        _iscsi.OnClosed();
        _frontEnd.OnLinkClosed();
    }
}
