using System.Runtime.InteropServices;

namespace VSan.Interop;

/// <summary>Error numbers of Linux, as its calls here return them: negated.</summary>
[CName("")]
public static class Errno
{
    /// <summary>Not permitted.</summary>
    [CName("EPERM")] public const int NotPermitted = 1;

    /// <summary>No such file.</summary>
    [CName("ENOENT")] public const int NoEntry = 2;

    /// <summary>A signal came first.</summary>
    [CName("EINTR")] public const int Interrupted = 4;

    /// <summary>The device failed.</summary>
    [CName("EIO")] public const int Io = 5;

    /// <summary>No such device or address; of a search for data, that there is none.</summary>
    [CName("ENXIO")] public const int NoSuchDevice = 6;

    /// <summary>Not an open file descriptor.</summary>
    [CName("EBADF")] public const int BadFile = 9;

    /// <summary>Not now.</summary>
    [CName("EAGAIN")] public const int Again = 11;

    /// <summary>No memory, or over the limit of locked memory.</summary>
    [CName("ENOMEM")] public const int NoMemory = 12;

    /// <summary>No access.</summary>
    [CName("EACCES")] public const int Access = 13;

    /// <summary>Busy.</summary>
    [CName("EBUSY")] public const int Busy = 16;

    /// <summary>Two places that lie on different filesystems.</summary>
    [CName("EXDEV")] public const int CrossDevice = 18;

    /// <summary>The arguments make no sense to this kernel or filesystem.</summary>
    [CName("EINVAL")] public const int Invalid = 22;

    /// <summary>This process has too many open files.</summary>
    [CName("EMFILE")] public const int TooManyFiles = 24;

    /// <summary>The machine has too many open files.</summary>
    [CName("ENFILE")] public const int FileTableFull = 23;

    /// <summary>The filesystem is full.</summary>
    [CName("ENOSPC")] public const int NoSpace = 28;

    /// <summary>The peer no longer reads.</summary>
    [CName("EPIPE")] public const int BrokenPipe = 32;

    /// <summary>No such system call.</summary>
    [CName("ENOSYS")] public const int NoSystemCall = 38;

    /// <summary>The medium failed: what a block device says of a sector that cannot be read or written.</summary>
    [CName("ENODATA")] public const int NoData = 61;

    /// <summary>The data and its protection do not match, as a block device says it.</summary>
    [CName("EILSEQ")] public const int IllegalSequence = 84;

    /// <summary>Not supported by this filesystem or socket.</summary>
    [CName("EOPNOTSUPP")] public const int NotSupported = 95;

    /// <summary>No provided buffer is free.</summary>
    [CName("ENOBUFS")] public const int NoBuffers = 105;

    /// <summary>The address is in use.</summary>
    [CName("EADDRINUSE")] public const int AddressInUse = 98;

    /// <summary>The peer reset the connection.</summary>
    [CName("ECONNRESET")] public const int ConnectionReset = 104;

    /// <summary>The quota is used up.</summary>
    [CName("EDQUOT")] public const int Quota = 122;

    /// <summary>A request was cancelled.</summary>
    [CName("ECANCELED")] public const int Canceled = 125;

    /// <summary>A timer ended.</summary>
    [CName("ETIME")] public const int TimerExpired = 62;

    /// <summary>The system's sentence for an error number, positive or negated.</summary>
    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(Math.Abs(errno));
}
