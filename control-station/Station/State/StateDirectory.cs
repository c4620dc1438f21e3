namespace VSan.Station.State;

/// <summary>
/// The station's directory: key files, certificates and the database. Nobody else may read it (0700, files 0600), and one process at a
/// time uses it: an advisory lock is held until disposal, and the kernel drops it when the process dies.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    public const string AuthorityCertificate = "ca.crt";
    public const string AuthorityKey = "ca.key";
    public const string ServerCertificate = "server.crt";
    public const string ServerKey = "server.key";
    public const string SecretsKey = "secrets.key";
    public const string Database = "station.db";
    public const string Identity = "station.json";

    /// <summary>There while a restore is under way: the directory is of no use until it is repeated.</summary>
    public const string UnfinishedRestore = "restore.unfinished";

    /// <summary>The files without which the pool's members no longer know this station, and its sealed secrets cannot be read. The server's own certificate is made anew.</summary>
    public static readonly IReadOnlyList<string> Keys = [AuthorityCertificate, AuthorityKey, SecretsKey];

    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;

    private static readonly string[] DatabaseSuffixes = ["", "-wal", "-shm"];

    private readonly string _path;
    private readonly FileStream? _lock;

    private StateDirectory(string path, FileStream? lockFile) => (_path, _lock) = (path, lockFile);

    /// <summary>Where it is.</summary>
    public string Location => _path;

    /// <summary>Looks into a directory that a station may be using; nothing can be written.</summary>
    public static StateDirectory Look(string path) => new(Path.GetFullPath(path), lockFile: null);

    /// <summary>Makes the directory when it is missing, closes it to other users and takes the lock.</summary>
    /// <exception cref="StationException">Another station uses it, or it cannot be written.</exception>
    public static StateDirectory Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(path, OwnerOnlyDirectory);
            File.SetUnixFileMode(path, OwnerOnlyDirectory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StationException($"The state directory {path} cannot be used: {exception.Message} Choose another one with --state.", exception);
        }

        return new StateDirectory(path, TakeLock(path));
    }

    public string PathOf(string name) => Path.Combine(_path, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    public byte[] Read(string name)
    {
        try
        {
            return File.ReadAllBytes(PathOf(name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StationException($"{PathOf(name)} cannot be read: {exception.Message} Restore it from a backup of the state directory.", exception);
        }
    }

    /// <summary>Replaces a file whole: a crash leaves the old bytes or the new ones, never a part.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        if (_lock is null) throw new InvalidOperationException("Who only looks does not write.");
        string target = PathOf(name), draft = target + ".new";
        try
        {
            File.Delete(draft);
            using (FileStream file = new(draft, OwnerOnly(FileMode.CreateNew)))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StationException($"{target} cannot be written: {exception.Message} Check the free space and the owner of the directory.", exception);
        }
    }

    /// <summary>Makes an empty file with mode 0600 when it is missing, for a library that would make it readable to others.</summary>
    public void Reserve(string name)
    {
        using FileStream file = new(PathOf(name), OwnerOnly(FileMode.OpenOrCreate));
    }

    /// <summary>Removes the database with the files that SQLite keeps beside it.</summary>
    public void RemoveDatabase()
    {
        foreach (string suffix in DatabaseSuffixes) File.Delete(PathOf(Database) + suffix);
    }

    /// <summary>Moves the database, whole or damaged, into a folder of its own, for whoever wants to look at it later.</summary>
    /// <returns>The folder.</returns>
    public string SetDatabaseAside(string stamp)
    {
        string folder = Directory.CreateDirectory(PathOf($"replaced-{stamp}"), OwnerOnlyDirectory).FullName;
        foreach (string suffix in DatabaseSuffixes)
            if (File.Exists(PathOf(Database) + suffix)) File.Move(PathOf(Database) + suffix, Path.Combine(folder, Database + suffix));
        return folder;
    }

    public void Dispose() => _lock?.Dispose();

    // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, "lock"), OwnerOnly(FileMode.OpenOrCreate));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StationException($"The state directory {path} is in use by another station, or not writable: {exception.Message}", exception);
        }
    }

    private static FileStreamOptions OwnerOnly(FileMode mode) => new()
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        UnixCreateMode = OwnerOnlyFile,
    };
}
