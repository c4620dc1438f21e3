using VSan.Contracts.UnitLink;
using VSan.Interop;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Inventory;

/// <summary>
/// One directory where legs live.
/// <code>
///   store.json           whose store it is
///   legs/LEG.img         the bytes of one leg; the block server opens them
///   legs/LEG.json        its description; a leg counts once this says that it was created
///   shares/SHARE/        a directory that is served as files
/// </code>
/// </summary>
/// <remarks>Immutable; the files are changed by <see cref="Reconcile.LegFiles"/> only.</remarks>
internal sealed class Store : IStore
{
    private const string IdentityName = "store.json";
    private const string LegsName = "legs";
    private const string SharesName = "shares";
    private const string ImageSuffix = ".img";

    // mkfs leaves it on ext4; a filesystem with nothing else is empty to us.
    private const string LostAndFound = "lost+found";

    private readonly long? _limitBytes;
    private readonly bool _reflink;

    private Store(string path, Guid id, long? limitBytes)
    {
        (Path, Id, _limitBytes) = (path, id, limitBytes);
        _reflink = ProbeReflink(LegsPath);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Identity of the store.</summary>
    public Guid Id { get; }

    /// <summary>The directory of its legs.</summary>
    public string LegsPath => System.IO.Path.Combine(Path, LegsName);

    /// <summary>The directory of its shares; there once it has one.</summary>
    public string SharesPath => System.IO.Path.Combine(Path, SharesName);

    /// <summary>Opens a store; makes one of an empty directory.</summary>
    /// <param name="path">The directory; created when it does not exist and <paramref name="expected"/> is null.</param>
    /// <param name="unitId">This unit.</param>
    /// <param name="expected">The store that was at this path before; null when this unit never had one there.</param>
    /// <param name="limitBytes">Upper bound of the capacity.</param>
    /// <param name="wanted">Identity of a store that is made here; null for a fresh one.</param>
    /// <exception cref="UnitFailure">The directory holds something that is not ours, or no longer what it held.</exception>
    public static Store Open(string path, Guid unitId, Guid? expected, long? limitBytes, Guid? wanted = null)
    {
        try
        {
            StoreIdentity identity = DurableFile.Read(System.IO.Path.Combine(path, IdentityName), StateJson.Default.StoreIdentity) ?? Create(path, unitId, expected, wanted);
            if (identity.Format != StoreIdentity.FormatPresent)
                throw Unusable(path, $"it has format {identity.Format}, this program knows {StoreIdentity.FormatPresent}. Use the program that wrote it.");
            if (identity.UnitId != unitId)
                throw Unusable(path, $"it belongs to unit {identity.UnitId}. Give another directory; nothing was changed.");
            if (expected is not null && identity.StoreId != expected)
                throw Unusable(path, $"it holds store {identity.StoreId}, not {expected} as before. Mount the right disk there.");
            _ = Directory.CreateDirectory(System.IO.Path.Combine(path, LegsName));
            return new Store(path, identity.StoreId, limitBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, failure.Message);
        }
    }

    /// <summary>Makes sure that the directory still holds this store: below an unmounted disk's mount point nothing may be made.</summary>
    /// <exception cref="UnitFailure">It does not.</exception>
    public void RequirePresence()
    {
        try
        {
            StoreIdentity? identity = DurableFile.Read(System.IO.Path.Combine(Path, IdentityName), StateJson.Default.StoreIdentity);
            if (identity?.StoreId != Id || !Directory.Exists(LegsPath)) throw Unusable(Path, $"store {Id} was here and is gone. Mount its disk.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(Path, failure.Message);
        }
    }

    /// <summary>File of a leg's bytes.</summary>
    public string ImagePath(Guid legId) => System.IO.Path.Combine(LegsPath, $"{legId:D}{ImageSuffix}");

    /// <summary>File of a leg's description.</summary>
    public string DescriptionPath(Guid legId) => System.IO.Path.Combine(LegsPath, $"{legId:D}.json");

    /// <summary>Legs that lie here now, by their files.</summary>
    public IReadOnlyList<Guid> LegIds() =>
    [
        .. Directory.EnumerateFiles(LegsPath, "*" + ImageSuffix)
            .Select(image => Guid.TryParseExact(System.IO.Path.GetFileNameWithoutExtension(image), "D", out Guid legId) ? legId : Guid.Empty)
            .Where(legId => legId != Guid.Empty)
            .Order(),
    ];

    /// <summary>Shares that lie here now, by their folders.</summary>
    public IReadOnlyList<Guid> ShareIds() => !Directory.Exists(SharesPath) ? [] :
    [
        .. Directory.EnumerateDirectories(SharesPath)
            .Select(folder => Guid.TryParseExact(System.IO.Path.GetFileName(folder), "D", out Guid shareId) ? shareId : Guid.Empty)
            .Where(shareId => shareId != Guid.Empty)
            .Order(),
    ];

    /// <summary>What the store has and can still take.</summary>
    public StoreInventory Inspect()
    {
        IReadOnlyList<Guid> legs = LegIds();
        DriveInfo filesystem = new(Path);
        long capacity = filesystem.TotalSize;
        long free = filesystem.AvailableFreeSpace;
        if (_limitBytes is { } limit && limit < capacity)
        {
            capacity = limit;
            free = Math.Clamp(limit - legs.Sum(leg => FileSystem.AllocatedBytes(ImagePath(leg))), 0, free);
        }

        return new StoreInventory(Id, System.IO.Path.GetFileName(Path), capacity, free, _reflink, legs) { ShareIds = ShareIds() };
    }

    /// <summary>The same; null when the store cannot be read now.</summary>
    public StoreInventory? TryInspect()
    {
        try
        {
            return Inspect();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static StoreIdentity Create(string path, Guid unitId, Guid? expected, Guid? wanted)
    {
        if (expected is not null) throw Unusable(path, $"store {expected} was here before and is gone. Mount its disk.");
        _ = Directory.CreateDirectory(path);
        string[] strangers = [.. Directory.EnumerateFileSystemEntries(path).Select(entry => System.IO.Path.GetFileName(entry)).Where(name => name != LostAndFound)];
        if (strangers.Length > 0)
            throw Unusable(path, $"it holds {strangers[0]} and is not one of this unit's stores. Give an empty directory; nothing was changed.");
        StoreIdentity identity = new(StoreIdentity.FormatPresent, wanted ?? Guid.NewGuid(), unitId);
        DurableFile.Write(System.IO.Path.Combine(path, IdentityName), identity, StateJson.Default.StoreIdentity);
        return identity;
    }

    private static bool ProbeReflink(string directory)
    {
        FileStreamOptions fleeting = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        };
        using FileStream source = new(System.IO.Path.Combine(directory, $".probe-{Guid.NewGuid():N}"), fleeting);
        using FileStream destination = new(System.IO.Path.Combine(directory, $".probe-{Guid.NewGuid():N}"), fleeting);
        source.Write(new byte[4096]);
        source.Flush();
        return FileSystem.TryClone(source.SafeFileHandle, destination.SafeFileHandle);
    }

    private static UnitFailure Unusable(string path, string reason) => new(ExitCode.Unusable, $"{path} cannot be a store: {reason}");
}
