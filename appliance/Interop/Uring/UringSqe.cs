using System.Runtime.InteropServices;

namespace VSan.Interop.Uring;

/// <summary>Submission queue entry, 64 bytes; the fields that share a place in C's unions share it here.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
[CName("struct io_uring_sqe")]
public struct UringSqe
{
    /// <summary>What to do.</summary>
    [FieldOffset(0), CName("opcode")] public UringOp Opcode;

    /// <summary>IOSQE_ flags.</summary>
    [FieldOffset(1), CName("flags")] public byte Flags;

    /// <summary>Priority, or the operation's own flags (multishot).</summary>
    [FieldOffset(2), CName("ioprio")] public ushort IoPriority;

    /// <summary>File descriptor.</summary>
    [FieldOffset(4), CName("fd")] public int Fd;

    /// <summary>Offset in the file.</summary>
    [FieldOffset(8), CName("off")] public ulong Offset;

    /// <summary>Buffer or structure; a length with FALLOCATE; the user data with ASYNC_CANCEL.</summary>
    [FieldOffset(16), CName("addr")] public ulong Address;

    /// <summary>Length in bytes, or a count, or a mode with FALLOCATE.</summary>
    [FieldOffset(24), CName("len")] public uint Length;

    /// <summary>RWF_ flags of a read or write.</summary>
    [FieldOffset(28), CName("rw_flags")] public uint ReadWriteFlags;

    /// <summary>Flags of FSYNC.</summary>
    [FieldOffset(28), CName("fsync_flags")] public uint FsyncFlags;

    /// <summary>MSG_ flags.</summary>
    [FieldOffset(28), CName("msg_flags")] public uint MessageFlags;

    /// <summary>SOCK_ flags of ACCEPT.</summary>
    [FieldOffset(28), CName("accept_flags")] public uint AcceptFlags;

    /// <summary>Flags of ASYNC_CANCEL.</summary>
    [FieldOffset(28), CName("cancel_flags")] public uint CancelFlags;

    /// <summary>Comes back in the completion.</summary>
    [FieldOffset(32), CName("user_data")] public ulong UserData;

    /// <summary>Index of a registered buffer.</summary>
    [FieldOffset(40), CName("buf_index")] public ushort BufferIndex;

    /// <summary>Group of provided buffers.</summary>
    [FieldOffset(40), CName("buf_group")] public ushort BufferGroup;
}
