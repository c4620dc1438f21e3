#pragma warning disable CA1822
namespace VSan.Iscsi;

/// <summary>One connection.</summary>
public sealed class IscsiConnection
{
    internal IscsiConnection(IscsiRing ring, IConnectionTransport transport, string peer, string localPortal)
    {
        (Ring, Transport, Peer, LocalPortal) = (ring, transport, peer, localPortal);
    }

    internal IscsiRing Ring { get; }

    internal IConnectionTransport Transport { get; }

    internal string Peer { get; }

    internal string LocalPortal { get; }

    /// <summary>True when no volume request and no payload is outstanding, so that the owner may forget the connection.</summary>
    public bool IsQuiescent => true;

    /// <summary>Takes what came from the socket, all of it.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes) => Transport.Close(afterSend: bytes.IsEmpty);

    /// <summary>The connection is gone; called once.</summary>
    public void OnClosed() { }
}
