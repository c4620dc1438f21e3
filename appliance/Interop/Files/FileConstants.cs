namespace VSan.Interop;

/// <summary>Constants of files.</summary>
[CName("")]
public static class FileConstants
{
    /// <summary>Zero a range, keep its space.</summary>
    [CName("FALLOC_FL_ZERO_RANGE")] public const int FallocateZeroRange = 0x10;

    /// <summary>Give a range's space back.</summary>
    [CName("FALLOC_FL_PUNCH_HOLE")] public const int FallocatePunchHole = 0x02;

    /// <summary>Do not change the file's length.</summary>
    [CName("FALLOC_FL_KEEP_SIZE")] public const int FallocateKeepSize = 0x01;

    /// <summary>Give a range space of its own where it shares blocks with another file, and space at all where it has none.</summary>
    [CName("FALLOC_FL_UNSHARE_RANGE")] public const int FallocateUnshareRange = 0x40;

    /// <summary>This write is durable when it completes (RWF_DSYNC).</summary>
    [CName("RWF_DSYNC")] public const uint WriteDataSync = 2;

    /// <summary>ioctl that shares a file's extents with another (FICLONE).</summary>
    [CName("FICLONE")] public const uint IoctlClone = 0x40049409;

    /// <summary>ioctl that asks for a block device's length in bytes, an unsigned 64-bit number (BLKGETSIZE64).</summary>
    [CName("BLKGETSIZE64")] public const uint IoctlDeviceLength = 0x80081272;

    /// <summary>ioctl that asks for a block device's logical block in bytes, an int (BLKSSZGET).</summary>
    [CName("BLKSSZGET")] public const uint IoctlLogicalBlock = 0x1268;

    /// <summary>ioctl that asks for a block device's physical block in bytes, an unsigned int (BLKPBSZGET).</summary>
    [CName("BLKPBSZGET")] public const uint IoctlPhysicalBlock = 0x127b;

    [CName("SEEK_DATA")] internal const int SeekData = 3;
    [CName("SEEK_HOLE")] internal const int SeekHole = 4;
    [CName("O_RDONLY")] internal const int OpenReadOnly = 0;
    [CName("O_RDWR")] internal const int OpenReadWrite = 2;
    [CName("O_CREAT")] internal const int OpenCreate = 0x40;
    [CName("O_EXCL")] internal const int OpenExclusive = 0x80;
    [CName("O_DIRECTORY")] internal const int OpenDirectory = 0x10000;
    [CName("O_DIRECT")] internal const int OpenDirect = 0x4000;
    [CName("O_CLOEXEC")] internal const int OpenCloseOnExec = 0x80000;
    [CName("LOCK_EX")] internal const int LockExclusive = 2;
    [CName("LOCK_NB")] internal const int LockNonBlocking = 4;
    [CName("AT_EMPTY_PATH")] internal const int AtEmptyPath = 0x1000;
    [CName("S_IFMT")] internal const int ModeTypeMask = 0xF000;
    [CName("S_IFBLK")] internal const int ModeBlockDevice = 0x6000;
    [CName("STATX_TYPE")] internal const uint StatxType = 0x001;
    [CName("STATX_SIZE")] internal const uint StatxSize = 0x200;
    [CName("STATX_BLOCKS")] internal const uint StatxBlocks = 0x400;
    [CName("EFD_CLOEXEC")] internal const int EventCloseOnExec = 0x80000;
}
