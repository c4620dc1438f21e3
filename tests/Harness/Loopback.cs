using System.Net;
using System.Net.Sockets;

namespace VSan.Tests.Harness;

/// <summary>Addresses that nobody outside this machine can reach.</summary>
internal static class Loopback
{
    /// <summary>A port that nobody listens on now. A server under test keeps it over its restarts.</summary>
    public static IPEndPoint Free(int lastByte = 1)
    {
        using TcpListener listener = new(new IPAddress([127, 0, 0, (byte)lastByte]), 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
