using VSan.Interop;

namespace VSan.UnitAgent.Updating;

/// <summary>The boot partition where it is mounted.</summary>
internal sealed class EspFiles(string root) : IEspFiles
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names(string folder) => [.. Directory.EnumerateFiles(Full(folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public byte[] Read(string path) => File.ReadAllBytes(Full(path));

    /// <inheritdoc/>
    public Stream Create(string path) => new FileStream(Full(path), FileMode.Create, FileAccess.Write, FileShare.None);

    /// <inheritdoc/>
    public Stream Open(string path) => File.OpenRead(Full(path));

    /// <inheritdoc/>
    public void Overwrite(string path, ReadOnlySpan<byte> content)
    {
        using FileStream file = new(Full(path), FileMode.Open, FileAccess.Write, FileShare.None);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Flush(string path)
    {
        using FileStream file = new(Full(path), FileMode.Open, FileAccess.Write, FileShare.None);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Move(string from, string to)
    {
        File.Move(Full(from), Full(to), overwrite: true);
        FlushFolder(to);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (!File.Exists(Full(path))) return;
        File.Delete(Full(path));
        FlushFolder(path);
    }

    private void FlushFolder(string path) => FileSystem.FlushDirectory(Path.GetDirectoryName(Full(path))!);

    private string Full(string path) => Path.Combine(root, path);
}
