namespace VSan.Reactor;

/// <summary>Where a connection is in its life; see the drawing at <see cref="TcpConnection"/>.</summary>
internal enum ConnectionState
{
    /// <summary>Receives and sends.</summary>
    Open,

    /// <summary>Stops to receive, then gives its socket away.</summary>
    Leaving,

    /// <summary>Sends what is queued, then closes.</summary>
    Flushing,

    /// <summary>Waits for the kernel to be done with it.</summary>
    Closing,

    /// <summary>Gone.</summary>
    Closed,
}

/// <summary>The handler before there is one: a connection does not receive before it starts, so nothing gets here.</summary>
internal sealed class ConnectionSink : IConnectionHandler
{
    internal static readonly ConnectionSink Instance = new();

    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
    }

    public void OnSent(object owner)
    {
    }

    public void OnClosed()
    {
    }
}
