using System.Runtime.InteropServices;

namespace VSan.Interop;

/// <summary>A piece of memory in a list.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct iovec")]
public struct IoVector
{
    /// <summary>First byte.</summary>
    [CName("iov_base")] public nint Base;

    /// <summary>Length in bytes.</summary>
    [CName("iov_len")] public nuint Length;
}

/// <summary>A message for sendmsg. In native memory while the kernel has it.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct msghdr")]
public struct MessageHeader
{
    /// <summary>Peer's address; none for TCP.</summary>
    [CName("msg_name")] public nint Name;

    /// <summary>Length of it.</summary>
    [CName("msg_namelen")] public uint NameLength;

    /// <summary>The vectors.</summary>
    [CName("msg_iov")] public nint Vectors;

    /// <summary>How many.</summary>
    [CName("msg_iovlen")] public nuint VectorCount;

    /// <summary>Ancillary data; none.</summary>
    [CName("msg_control")] public nint Control;

    /// <summary>Length of it.</summary>
    [CName("msg_controllen")] public nuint ControlLength;

    /// <summary>Flags on receipt.</summary>
    [CName("msg_flags")] public int Flags;
}

/// <summary>A time in seconds and nanoseconds, as io_uring's timers take it.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct __kernel_timespec")]
public struct KernelTimespec
{
    /// <summary>Seconds.</summary>
    [CName("tv_sec")] public long Seconds;

    /// <summary>Nanoseconds.</summary>
    [CName("tv_nsec")] public long Nanoseconds;
}
