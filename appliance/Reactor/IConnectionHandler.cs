namespace VSan.Reactor;

/// <summary>Who speaks a protocol over a <see cref="TcpConnection"/>. Ring thread.</summary>
public interface IConnectionHandler
{
    /// <summary>Bytes arrived, in order. Valid during the call only.</summary>
    void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>The kernel is done with memory that was given to <see cref="TcpConnection.Send(nint, int, object)"/>, sent or not.</summary>
    void OnSent(object owner);

    /// <summary>The connection is gone and the kernel holds nothing of it. Called once, last.</summary>
    void OnClosed();
}
