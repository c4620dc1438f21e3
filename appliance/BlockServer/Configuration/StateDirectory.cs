using VSan.Interop;

namespace VSan.BlockServer.Configuration;

/// <summary>The server's directory, which one process at a time has: a lock that the kernel ends with the process.</summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly FileDescriptor _lock;

    private StateDirectory(string path, FileDescriptor @lock) => (Path, _lock) = (path, @lock);

    internal string Path { get; }

    /// <summary>Makes the directory when it is missing, mode 0700, and takes its lock.</summary>
    internal static StateDirectory? TryTake(string path, out string? error)
    {
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = $"making the state directory failed: {exception.Message}";
            return null;
        }

        FileDescriptor? file = FileDescriptor.TryOpen(System.IO.Path.Combine(path, "lock"), direct: false, create: true, out int errno);
        if (file is null)
        {
            error = $"opening the lock in {path} failed: {Errno.Describe(errno)}";
            return null;
        }

        errno = file.TryLock();
        error = errno switch
        {
            >= 0 => null,
            -Errno.Again => $"another vsan-blockserver runs on {path}",
            _ => $"locking {path} failed: {Errno.Describe(errno)}",
        };
        if (error is null) return new StateDirectory(path, file);
        file.Dispose();
        return null;
    }

    public void Dispose() => _lock.Dispose();
}
