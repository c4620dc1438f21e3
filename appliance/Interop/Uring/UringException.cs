namespace VSan.Interop.Uring;

/// <summary>The kernel refused io_uring, or a part of it that we need. The message says what to do.</summary>
public sealed class UringException : Exception
{
    /// <summary>Makes one from a failed call.</summary>
    /// <param name="attempt">What was tried, for the sentence "io_uring: … failed".</param>
    /// <param name="errno">Positive error number; 0 when a feature is missing.</param>
    public UringException(string attempt, int errno)
        : base($"io_uring is not usable here: {attempt} failed{(errno == 0 ? string.Empty : $" ({Errno.Describe(errno)})")}. {Advice(errno)}")
    {
        Error = errno;
    }

    /// <summary>Positive error number; 0 when a feature is missing.</summary>
    public int Error { get; }

    /// <summary>The kernel has io_uring; a limit of this process is in the way.</summary>
    public bool IsShortage => Error is Errno.NoMemory or Errno.TooManyFiles or Errno.FileTableFull;

    private static string Advice(int errno) => errno switch
    {
        Errno.NotPermitted or Errno.Access => "Set the sysctl kernel.io_uring_disabled to 0, and let the container's seccomp profile allow io_uring_setup, io_uring_enter and io_uring_register.",
        Errno.NoMemory => "Raise the limit of locked memory (ulimit -l, LimitMEMLOCK=) or grant CAP_IPC_LOCK.",
        Errno.TooManyFiles or Errno.FileTableFull => "Raise the limit of open files (ulimit -n, LimitNOFILE=).",
        _ => "Linux 6.1 or later is needed, built with CONFIG_IO_URING.",
    };
}
