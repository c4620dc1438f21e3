using VSan.Interop;

namespace VSan.UnitAgent.State;

/// <summary>The filesystems of this machine.</summary>
internal sealed class LocalFiles : IFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private LocalFiles()
    {
    }

    /// <summary>The one there is.</summary>
    public static LocalFiles Instance { get; } = new();

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public long LengthBytes(string path) => new FileInfo(path).Length;

    /// <inheritdoc/>
    public byte[] Read(string path) => File.ReadAllBytes(path);

    /// <inheritdoc/>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.Write(content);
    }

    /// <inheritdoc/>
    public void Allocate(string path, long sizeBytes, bool thick, string? origin)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = OwnerOnly,
            PreallocationSize = thick ? sizeBytes : 0,
        };
        using FileStream file = new(path, options);
        if (origin is not null) Share(origin, file);
        if (file.Length < sizeBytes) file.SetLength(sizeBytes);
    }

    /// <inheritdoc/>
    public void Extend(string path, long sizeBytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(sizeBytes);
    }

    /// <inheritdoc/>
    public DateTimeOffset ChangedAt(string path) => File.GetLastWriteTimeUtc(path);

    /// <inheritdoc/>
    public long AllocatedBytes(string path) => FileSystem.AllocatedBytes(path);

    /// <inheritdoc/>
    public void Flush(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void FlushDirectory(string path) => FileSystem.FlushDirectory(path);

    private static void Share(string origin, FileStream file)
    {
        using FileStream source = File.OpenRead(origin);
        if (!FileSystem.TryClone(source.SafeFileHandle, file.SafeFileHandle))
            throw new IOException($"{file.Name} lies on a file system that cannot share blocks. Make stores on XFS with reflink.");
    }
}
