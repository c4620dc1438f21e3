using VSan.Iscsi;
using VSan.Tests.Fakes;
using VSan.Tests.Fuzz.Oracles;

namespace VSan.Tests.Fuzz.Running;

/// <summary>One connection of a script: the way to the target, what it sends, and who watches both.</summary>
internal sealed class FuzzPeer(World world, FakeTransport transport, SessionsSeen sessions, Action onTaskManagement)
{
    private IscsiConnection? _connection;

    public FakeTransport Transport { get; } = transport;

    public Conversation Conversation { get; private set; } = new(sessions, onTaskManagement);

    /// <summary>All that the target has sent since the script began.</summary>
    public List<byte> Received { get; } = [];

    public bool IsOpen => _connection is not null;

    public IscsiConnection Open()
    {
        if (_connection is not null) return _connection;
        Conversation = new Conversation(sessions, onTaskManagement);
        Transport.Reopen();
        return _connection = world.Ring.Accept(Transport, "10.0.0.9:40000", World.Portal);
    }

    /// <summary>Takes what was sent, and tells the connection of its end where it asked for one.</summary>
    /// <param name="watched">The conversation has seen what went in, and is asked what it thinks of the answer.</param>
    public void Collect(bool watched)
    {
        if (_connection is null) return;
        Received.AddRange(Transport.Sent);
        if (watched) Conversation.OnReceived(Transport.Sent);
        Transport.Clear();
        if (Transport.Closed) Hangup();
    }

    /// <summary>The connection is gone, whoever ended it.</summary>
    public void Hangup()
    {
        IscsiConnection? gone = _connection;
        _connection = null;
        gone?.OnClosed();
    }
}
