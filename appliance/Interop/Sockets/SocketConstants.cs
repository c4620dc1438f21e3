namespace VSan.Interop;

/// <summary>Constants of sockets.</summary>
[CName("")]
public static class SocketConstants
{
    /// <summary>No SIGPIPE.</summary>
    [CName("MSG_NOSIGNAL")] public const uint MessageNoSignal = 0x4000;

    /// <summary>Send all of it.</summary>
    [CName("MSG_WAITALL")] public const uint MessageWaitAll = 0x100;

    /// <summary>Not for children.</summary>
    [CName("SOCK_CLOEXEC")] public const uint SocketCloseOnExec = 0x80000;

    [CName("MSG_DONTWAIT")] internal const int MessageDontWait = 0x40;
    [CName("FIONBIO")] internal const int IoctlNonBlocking = 0x5421;
    [CName("AF_INET")] internal const int FamilyInet = 2;
    [CName("AF_INET6")] internal const int FamilyInet6 = 10;
    [CName("SOCK_STREAM")] internal const int SocketStream = 1;
    [CName("SOL_SOCKET")] internal const int LevelSocket = 1;
    [CName("IPPROTO_TCP")] internal const int LevelTcp = 6;
    [CName("IPPROTO_IPV6")] internal const int LevelIpv6 = 41;
    [CName("SO_REUSEADDR")] internal const int ReuseAddress = 2;
    [CName("SO_PEERCRED")] internal const int PeerCredentials = 17;
    [CName("SO_KEEPALIVE")] internal const int KeepAlive = 9;
    [CName("TCP_NODELAY")] internal const int NoDelay = 1;
    [CName("IPV6_V6ONLY")] internal const int Ipv6Only = 26;
    [CName("SHUT_RDWR")] internal const int ShutBoth = 2;
}
