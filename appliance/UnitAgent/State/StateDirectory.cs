namespace VSan.UnitAgent.State;

/// <summary>
/// The agent's own directory, mode 0700. One running agent owns it: it holds an exclusive flock on <c>lock</c> for as long as it lives.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private StateDirectory(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Creates the directory at need and takes it.</summary>
    /// <exception cref="UnitFailure">Another agent has it, or it cannot be used.</exception>
    public static StateDirectory Take(string path)
    {
        try
        {
            _ = Directory.CreateDirectory(path, OwnerOnly);
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (Exception denial) when (denial is IOException or UnauthorizedAccessException)
        {
            throw new UnitFailure(ExitCode.Unusable, $"The state directory cannot be used: {denial.Message}", denial);
        }

        return TryLock(path) is { } @lock
            ? new StateDirectory(path, @lock)
            : throw new UnitFailure(ExitCode.Unusable, $"Another vsan-unit runs on {path}. Stop it first, or give this one its own --state.");
    }

    /// <summary>True while an agent runs on the directory.</summary>
    public static bool IsTaken(string path)
    {
        using FileStream? free = TryLock(path);
        return free is null;
    }

    /// <summary>Path of a file in it.</summary>
    public string FilePath(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux; the kernel drops it with the process, however that ends.
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
