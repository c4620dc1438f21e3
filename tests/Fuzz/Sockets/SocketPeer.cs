using System.Net;
using System.Net.Sockets;
using VSan.Tests.Fuzz.Oracles;
using VSan.Tests.Fuzz.Running;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz.Sockets;

/// <summary>
/// One connection of a script over TCP. The conversation only serves to answer what the target says: bytes arrive when they like, so that its findings
/// about order would be those of the clock.
/// </summary>
internal sealed class SocketPeer(IPEndPoint portal, SessionsSeen sessions) : IDisposable
{
    /// <summary>What is not there by then is read before the next PDU.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(300);

    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(5);

    private readonly byte[] _buffer = new byte[256 * 1024];
    private Socket? _socket;
    private Conversation _conversation = new(sessions, () => { });

    public void Send(Step.Pdu pdu)
    {
        try
        {
            if (_socket is null) Connect();
            byte[] bytes = PduWriter.Write(pdu, _conversation);
            Watch(() => _conversation.OnSending(bytes));
            _socket!.Send(bytes);
            Receive();
        }
        catch (SocketException)
        {
            // The target hung up, as it may.
            Hangup();
        }
    }

    /// <summary>Resets, so that no port waits for its last segments.</summary>
    public void Hangup()
    {
        if (_socket is null) return;
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
        _socket = null;
    }

    public void Dispose() => Hangup();

    private void Connect()
    {
        _conversation = new Conversation(sessions, () => { });
        _socket = new Socket(portal.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = (int)SendTime.TotalMilliseconds };
        _socket.Connect(portal);
    }

    private void Receive()
    {
        for (TimeSpan patience = Patience; _socket is not null && _socket.Poll(patience, SelectMode.SelectRead); patience = TimeSpan.Zero)
        {
            int length = _socket.Receive(_buffer);
            if (length == 0) Hangup();
            else Watch(() => _conversation.OnArrived(_buffer.AsSpan(0, length)));
        }
    }

    private static void Watch(Action look)
    {
        try
        {
            look();
        }
        catch (FindingException)
        {
        }
    }
}
