using System.Runtime.InteropServices;

namespace VSan.Interop.Uring;

/// <summary>Where the parts of the submission queue lie in its mapping.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct io_sqring_offsets")]
public struct UringSqOffsets
{
    [CName("head")] internal uint Head;
    [CName("tail")] internal uint Tail;
    [CName("ring_mask")] internal uint RingMask;
    [CName("ring_entries")] internal uint RingEntries;
    [CName("flags")] internal uint Flags;
    [CName("dropped")] internal uint Dropped;
    [CName("array")] internal uint Array;
    [CName("resv1")] internal uint Reserved1;
    [CName("resv2")] internal ulong Reserved2;
}

/// <summary>Where the parts of the completion queue lie in its mapping.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct io_cqring_offsets")]
public struct UringCqOffsets
{
    [CName("head")] internal uint Head;
    [CName("tail")] internal uint Tail;
    [CName("ring_mask")] internal uint RingMask;
    [CName("ring_entries")] internal uint RingEntries;
    [CName("overflow")] internal uint Overflow;
    [CName("cqes")] internal uint Cqes;
    [CName("flags")] internal uint Flags;
    [CName("resv1")] internal uint Reserved1;
    [CName("resv2")] internal ulong Reserved2;
}

/// <summary>What io_uring_setup is told and answers.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct io_uring_params")]
public unsafe struct UringParameters
{
    [CName("sq_entries")] internal uint SqEntries;
    [CName("cq_entries")] internal uint CqEntries;
    [CName("flags")] internal uint Flags;
    [CName("sq_thread_cpu")] internal uint SqThreadCpu;
    [CName("sq_thread_idle")] internal uint SqThreadIdle;
    [CName("features")] internal uint Features;
    [CName("wq_fd")] internal uint WqFd;
    [CName("resv")] internal fixed uint Reserved[3];
    [CName("sq_off")] internal UringSqOffsets SqOffsets;
    [CName("cq_off")] internal UringCqOffsets CqOffsets;
}
