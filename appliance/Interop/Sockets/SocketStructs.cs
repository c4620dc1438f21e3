using System.Runtime.InteropServices;

namespace VSan.Interop;

/// <summary>An IPv4 address and port; port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct sockaddr_in")]
internal unsafe struct SockAddrIn
{
    [CName("sin_family")] internal ushort Family;
    [CName("sin_port")] internal ushort Port;
    [CName("sin_addr")] internal fixed byte Address[4];
    [CName("sin_zero")] internal fixed byte Zero[8];
}

/// <summary>An IPv6 address and port; port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct sockaddr_in6")]
internal unsafe struct SockAddrIn6
{
    [CName("sin6_family")] internal ushort Family;
    [CName("sin6_port")] internal ushort Port;
    [CName("sin6_flowinfo")] internal uint FlowInfo;
    [CName("sin6_addr")] internal fixed byte Address[16];
    [CName("sin6_scope_id")] internal uint ScopeId;
}

/// <summary>Who is at the other end of a local socket.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct ucred")]
public struct PeerCredentials
{
    /// <summary>Process id.</summary>
    [CName("pid")] public int ProcessId;

    /// <summary>User id.</summary>
    [CName("uid")] public uint UserId;

    /// <summary>Group id.</summary>
    [CName("gid")] public uint GroupId;
}
