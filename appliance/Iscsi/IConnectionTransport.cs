namespace VSan.Iscsi;

/// <summary>The way out of one connection: bytes in order. Implemented by whoever owns the socket; ring thread only.</summary>
public interface IConnectionTransport
{
    /// <summary>Bytes queued and not yet sent.</summary>
    int QueuedBytes { get; }

    /// <summary>Queues a copy of <paramref name="bytes"/>.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Queues a piece of <paramref name="payload"/> without copying it; one <see cref="IPayload.OnSent"/> follows, whatever happens.</summary>
    void Send(IPayload payload, int offset, int length);

    /// <summary>Stops to read from the peer, or goes on; what was received already may still come. Ring thread.</summary>
    void PauseReceive(bool paused);

    /// <summary>Hands the connection to another ring, where it starts anew with what it had received. <see cref="IscsiConnection.OnClosed"/> follows here.</summary>
    /// <param name="ringIndex">0-based index of the ring.</param>
    /// <param name="header">The header that tells where the connection belongs.</param>
    /// <param name="rest">What came behind it.</param>
    void MoveTo(int ringIndex, ReadOnlySpan<byte> header, ReadOnlySpan<byte> rest);

    /// <summary>Ends the connection. <see cref="IscsiConnection.OnClosed"/> follows, never from inside this call.</summary>
    /// <param name="afterSend"><c>true</c>: once all that is queued was sent; <c>false</c>: now.</param>
    void Close(bool afterSend);
}
