namespace VSan.Interop.Uring;

/// <summary>Operations of io_uring that we use.</summary>
[CName("IORING_OP_")]
public enum UringOp : byte
{
    /// <summary>Nothing.</summary>
    Nop = 0,

    /// <summary>fsync or fdatasync.</summary>
    Fsync = 3,

    /// <summary>Read into a registered buffer.</summary>
    ReadFixed = 4,

    /// <summary>Write from a registered buffer.</summary>
    WriteFixed = 5,

    /// <summary>sendmsg.</summary>
    Sendmsg = 9,

    /// <summary>A timer.</summary>
    Timeout = 11,

    /// <summary>accept4.</summary>
    Accept = 13,

    /// <summary>Cancels requests.</summary>
    AsyncCancel = 14,

    /// <summary>fallocate.</summary>
    Fallocate = 17,

    /// <summary>pread.</summary>
    Read = 22,

    /// <summary>pwrite.</summary>
    Write = 23,

    /// <summary>recv.</summary>
    Recv = 27,
}
