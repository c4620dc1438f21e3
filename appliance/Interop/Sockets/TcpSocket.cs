using System.Buffers.Binary;
using System.Net;

namespace VSan.Interop;

/// <summary>Calls on sockets, by number, because the ring names them so. Each returns 0 or more, or a negated error number.</summary>
public static unsafe class TcpSocket
{
    private const int AddressBytesMax = 28;

    /// <summary>Makes a listening socket; an IPv6 one takes IPv6 only, so that both families can have the same port.</summary>
    /// <param name="endPoint">Address and port; port 0 lets the kernel choose.</param>
    /// <param name="backlog">Connections that may wait to be accepted.</param>
    public static int Listen(IPEndPoint endPoint, int backlog)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        bool isV6 = endPoint.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        int fd = Libc.Result(Libc.Socket(
            isV6 ? SocketConstants.FamilyInet6 : SocketConstants.FamilyInet, SocketConstants.SocketStream | (int)SocketConstants.SocketCloseOnExec, 0));
        if (fd < 0) return fd;
        _ = SetOption(fd, SocketConstants.LevelSocket, SocketConstants.ReuseAddress);
        if (isV6) _ = SetOption(fd, SocketConstants.LevelIpv6, SocketConstants.Ipv6Only);
        byte* address = stackalloc byte[AddressBytesMax];
        uint length = Write(endPoint, address);
        int result = Libc.Result(Libc.Bind(fd, address, length));
        if (result >= 0) result = Libc.Result(Libc.Listen(fd, backlog));
        if (result >= 0) return fd;
        _ = Libc.Close(fd);
        return result;
    }

    /// <summary>Sends small segments at once.</summary>
    public static int SetNoDelay(int fd) => SetOption(fd, SocketConstants.LevelTcp, SocketConstants.NoDelay);

    /// <summary>Finds peers that died without a word.</summary>
    public static int SetKeepAlive(int fd) => SetOption(fd, SocketConstants.LevelSocket, SocketConstants.KeepAlive);

    /// <summary>Takes the next connection that waits, without waiting for one.</summary>
    /// <param name="fd">A listening socket; it is made non-blocking.</param>
    /// <param name="flags">SOCK_ flags of the new one.</param>
    public static int TryAccept(int fd, uint flags)
    {
        int one = 1;
        _ = Libc.Ioctl(fd, SocketConstants.IoctlNonBlocking, (nint)(&one));
        return Libc.Result(Libc.Accept(fd, null, null, (int)flags));
    }

    /// <summary>Receives what has come, without waiting. 0: the peer is done.</summary>
    public static int TryReceive(int fd, Span<byte> bytes)
    {
        fixed (byte* pointer = bytes) return Libc.Result(Libc.Recv(fd, pointer, bytes.Length, SocketConstants.MessageDontWait));
    }

    /// <summary>Sends what fits, without waiting.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="message">struct msghdr.</param>
    /// <param name="flags">MSG_ flags.</param>
    public static int TrySend(int fd, nint message, uint flags)
        => Libc.Result(Libc.SendMsg(fd, (void*)message, (int)(flags & ~SocketConstants.MessageWaitAll) | SocketConstants.MessageDontWait));

    /// <summary>Ends both directions: requests under way on the socket complete.</summary>
    public static int Shutdown(int fd) => Libc.Result(Libc.Shutdown(fd, SocketConstants.ShutBoth));

    /// <summary>Closes the socket.</summary>
    public static int Close(int fd) => Libc.Result(Libc.Close(fd));

    /// <summary>Our address, or null when the socket has none.</summary>
    public static IPEndPoint? LocalEndPoint(int fd)
    {
        byte* address = stackalloc byte[AddressBytesMax];
        uint length = AddressBytesMax;
        return Libc.GetSockName(fd, address, &length) < 0 ? null : Read(address);
    }

    /// <summary>The peer's address, or null when it is gone.</summary>
    public static IPEndPoint? PeerEndPoint(int fd)
    {
        byte* address = stackalloc byte[AddressBytesMax];
        uint length = AddressBytesMax;
        return Libc.GetPeerName(fd, address, &length) < 0 ? null : Read(address);
    }

    /// <summary>Who is at the other end of a local socket; null when the kernel cannot say.</summary>
    public static PeerCredentials? CredentialsOfPeer(nint fd)
    {
        PeerCredentials credentials = default;
        uint length = (uint)sizeof(PeerCredentials);
        return Libc.GetSockOpt((int)fd, SocketConstants.LevelSocket, SocketConstants.PeerCredentials, &credentials, &length) < 0 ? null : credentials;
    }

    /// <summary>The user that this process acts as.</summary>
    public static uint OwnUserId() => Libc.GetEUid();

    private static int SetOption(int fd, int level, int name)
    {
        int one = 1;
        return Libc.Result(Libc.SetSockOpt(fd, level, name, &one, sizeof(int)));
    }

    private static uint Write(IPEndPoint endPoint, byte* to)
    {
        new Span<byte>(to, AddressBytesMax).Clear();
        ushort port = BinaryPrimitives.ReverseEndianness((ushort)endPoint.Port);
        if (endPoint.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            var six = (SockAddrIn6*)to;
            six->Family = SocketConstants.FamilyInet6;
            six->Port = port;
            six->ScopeId = (uint)endPoint.Address.ScopeId;
            _ = endPoint.Address.TryWriteBytes(new Span<byte>(six->Address, 16), out _);
            return (uint)sizeof(SockAddrIn6);
        }

        var four = (SockAddrIn*)to;
        four->Family = SocketConstants.FamilyInet;
        four->Port = port;
        _ = endPoint.Address.TryWriteBytes(new Span<byte>(four->Address, 4), out _);
        return (uint)sizeof(SockAddrIn);
    }

    private static IPEndPoint? Read(byte* from)
    {
        int port = BinaryPrimitives.ReverseEndianness(((SockAddrIn*)from)->Port);
        return ((SockAddrIn*)from)->Family switch
        {
            SocketConstants.FamilyInet => new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(((SockAddrIn*)from)->Address, 4)), port),
            SocketConstants.FamilyInet6 => new IPEndPoint(
                new IPAddress(new ReadOnlySpan<byte>(((SockAddrIn6*)from)->Address, 16), ((SockAddrIn6*)from)->ScopeId), port),
            _ => null,
        };
    }
}
