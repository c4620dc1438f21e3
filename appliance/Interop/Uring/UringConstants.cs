namespace VSan.Interop.Uring;

/// <summary>Flags of io_uring that we use, and what they mean to us.</summary>
[CName("")]
public static class UringConstants
{
    /// <summary>The size of the completion queue is given.</summary>
    [CName("IORING_SETUP_CQSIZE")] public const uint SetupCqSize = 1 << 3;

    /// <summary>Nothing is submitted before the ring is enabled; until then it can be restricted.</summary>
    [CName("IORING_SETUP_R_DISABLED")] public const uint SetupDisabled = 1 << 6;

    /// <summary>One bad submission does not hold up the rest.</summary>
    [CName("IORING_SETUP_SUBMIT_ALL")] public const uint SetupSubmitAll = 1 << 7;

    /// <summary>No interrupts between processors for completions.</summary>
    [CName("IORING_SETUP_COOP_TASKRUN")] public const uint SetupCoopTaskrun = 1 << 8;

    /// <summary>Only the creating thread submits.</summary>
    [CName("IORING_SETUP_SINGLE_ISSUER")] public const uint SetupSingleIssuer = 1 << 12;

    /// <summary>Completions are worked on only inside io_uring_enter (Linux 6.1).</summary>
    [CName("IORING_SETUP_DEFER_TASKRUN")] public const uint SetupDeferTaskrun = 1 << 13;

    /// <summary>Both queues lie in one mapping.</summary>
    [CName("IORING_FEAT_SINGLE_MMAP")] public const uint FeatureSingleMmap = 1;

    /// <summary>A full completion queue loses nothing.</summary>
    [CName("IORING_FEAT_NODROP")] public const uint FeatureNoDrop = 1 << 1;

    /// <summary>Wait for completions.</summary>
    [CName("IORING_ENTER_GETEVENTS")] public const uint EnterGetEvents = 1;

    /// <summary>Mapping offset of the submission entries.</summary>
    [CName("IORING_OFF_SQES")] public const long OffsetSqes = 0x10000000;

    /// <summary>Completions wait in the kernel for room.</summary>
    [CName("IORING_SQ_CQ_OVERFLOW")] public const uint SqCqOverflow = 1 << 1;

    /// <summary>Register buffers for READ_FIXED and WRITE_FIXED.</summary>
    [CName("IORING_REGISTER_BUFFERS")] public const uint RegisterBuffers = 0;

    /// <summary>Ask which operations there are.</summary>
    [CName("IORING_REGISTER_PROBE")] public const uint RegisterProbe = 8;

    /// <summary>Restrict the ring, once, before it is enabled.</summary>
    [CName("IORING_REGISTER_RESTRICTIONS")] public const uint RegisterRestrictions = 11;

    /// <summary>Enable the ring.</summary>
    [CName("IORING_REGISTER_ENABLE_RINGS")] public const uint RegisterEnableRings = 12;

    /// <summary>The restriction admits an operation.</summary>
    [CName("IORING_RESTRICTION_SQE_OP")] public const ushort RestrictionOperation = 1;

    /// <summary>The restriction admits flags of submissions.</summary>
    [CName("IORING_RESTRICTION_SQE_FLAGS_ALLOWED")] public const ushort RestrictionFlags = 2;

    /// <summary>Register a ring of provided buffers.</summary>
    [CName("IORING_REGISTER_PBUF_RING")] public const uint RegisterBufferRing = 22;

    /// <summary>The operation exists.</summary>
    [CName("IO_URING_OP_SUPPORTED")] public const ushort OpSupported = 1;

    /// <summary>Take a buffer of the group.</summary>
    [CName("IOSQE_BUFFER_SELECT")] public const byte SqeBufferSelect = 1 << 5;

    /// <summary>The completion names a provided buffer.</summary>
    [CName("IORING_CQE_F_BUFFER")] public const uint CqeBuffer = 1;

    /// <summary>More completions of the same submission follow.</summary>
    [CName("IORING_CQE_F_MORE")] public const uint CqeMore = 1 << 1;

    /// <summary>Bits below the buffer's id.</summary>
    [CName("IORING_CQE_BUFFER_SHIFT")] public const int CqeBufferShift = 16;

    /// <summary>Accept until told otherwise.</summary>
    [CName("IORING_ACCEPT_MULTISHOT")] public const ushort AcceptMultishot = 1;

    /// <summary>Receive until told otherwise.</summary>
    [CName("IORING_RECV_MULTISHOT")] public const ushort RecvMultishot = 1 << 1;

    /// <summary>fdatasync instead of fsync.</summary>
    [CName("IORING_FSYNC_DATASYNC")] public const uint FsyncDataSync = 1;

    /// <summary>Cancel everything that matches.</summary>
    [CName("IORING_ASYNC_CANCEL_ALL")] public const uint CancelAll = 1;

    /// <summary>Match by file descriptor.</summary>
    [CName("IORING_ASYNC_CANCEL_FD")] public const uint CancelFd = 1 << 1;

    /// <summary>System call number, the same on every architecture since 5.1.</summary>
    [CName("__NR_io_uring_setup")] internal const int SyscallSetup = 425;

    [CName("__NR_io_uring_enter")] internal const int SyscallEnter = 426;

    [CName("__NR_io_uring_register")] internal const int SyscallRegister = 427;
}
