using System.Text.Json;

namespace VSan.HostAgent.State;

/// <summary>
/// The agent's directory, mode 0700: one record for each volume, <c>volumes/ID.json</c>, and a lock that one pass at a time holds.
/// </summary>
internal sealed class HostState(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Folder => Path.Combine(path, "volumes");

    /// <summary>Waits for whoever changes this host's volumes now, and keeps others out until it is disposed.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellation)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(100);
        Directory.CreateDirectory(path, Private | UnixFileMode.UserExecute);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(path, "lock"), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = Private });
            }
            catch (IOException) when (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>All records, by name.</summary>
    public IReadOnlyList<VolumeRecord> All() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.json").Select(Read).OrderBy(record => record.Name, StringComparer.Ordinal)] : [];

    /// <summary>The record of a volume, by name or id.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public VolumeRecord Find(string name) =>
        All().FirstOrDefault(record => record.Name == name || record.VolumeId.ToString() == name)
        ?? throw new CommandFailure(ExitCode.NotFound, $"This host's agent has no volume '{name}'.", "'vsan-host status' lists those it has; 'vsan-host request' asks for one.");

    /// <summary>Keeps a record; when it returns, it is there after a power cut.</summary>
    public void Keep(VolumeRecord record)
    {
        Directory.CreateDirectory(Folder, Private | UnixFileMode.UserExecute);
        string file = FileOf(record.VolumeId), aside = file + ".new";
        File.Delete(aside);
        using (FileStream stream = new(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private }))
        {
            JsonSerializer.Serialize(stream, record, StateJson.Default.VolumeRecord);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, file, overwrite: true);
        FlushFolder();
    }

    /// <summary>Forgets a volume.</summary>
    public void Forget(Guid volumeId)
    {
        File.Delete(FileOf(volumeId));
        FlushFolder();
    }

    private static VolumeRecord Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), StateJson.Default.VolumeRecord) ?? throw new JsonException("The file holds null.");
        }
        catch (JsonException damage)
        {
            throw new CommandFailure(ExitCode.Error, $"{file} is damaged: {damage.Message}", "Restore it from a backup. Without it the agent cannot know which copies of a mirror are current.");
        }
    }

    private string FileOf(Guid volumeId) => Path.Combine(Folder, $"{volumeId:D}.json");

    private void FlushFolder() => VSan.Interop.FileSystem.FlushDirectory(Folder);
}
