using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using VSan.Station.State;

namespace VSan.Station.Backup;

/// <summary>
/// A backup of a station: a tar file, so that a person can look into it without us.
/// <code>
///   manifest.json    what it is; hash of the database
///   keys.sealed      CA key and secrets key under a passphrase; not in a backup without keys
///   station.db       the database, a consistent copy
/// </code>
/// </summary>
/// <param name="Manifest">What it is.</param>
/// <param name="Keys">Key files by name; empty without keys.</param>
internal sealed record BackupFile(BackupManifest Manifest, IReadOnlyDictionary<string, byte[]> Keys)
{
    private const string ManifestName = "manifest.json";
    private const string KeysName = "keys.sealed";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a backup whole: the name is there when everything behind it is durable.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="manifest">What it is.</param>
    /// <param name="keys">Key files, or null to leave them out.</param>
    /// <param name="passphrase">Seals the keys.</param>
    /// <param name="database">The copy of the database.</param>
    public static void Write(string path, BackupManifest manifest, IReadOnlyDictionary<string, byte[]>? keys, string passphrase, string database)
    {
        byte[] first = JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest);
        string draft = path + ".new";
        File.Delete(draft);
        using (FileStream file = new(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            using (TarWriter tar = new(file, TarEntryFormat.Pax, leaveOpen: true))
            {
                Add(tar, ManifestName, new MemoryStream(first), manifest.CreatedAt);
                if (keys is not null) Add(tar, KeysName, new MemoryStream(SealedKeys.Seal(keys, passphrase, first)), manifest.CreatedAt);
                using FileStream copy = File.OpenRead(database);
                Add(tar, StateDirectory.Database, copy, manifest.CreatedAt);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads and verifies a backup; its database is put into a new file.</summary>
    /// <exception cref="StationException">It is not a backup, it is damaged, or the passphrase is another one.</exception>
    public static BackupFile Read(string path, string? passphrase, string database)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using TarReader tar = new(file);
            byte[] first = Bytes(tar.GetNextEntry(), ManifestName);
            BackupManifest manifest = JsonSerializer.Deserialize(first, BackupJson.Default.BackupManifest) ?? throw new JsonException("It is empty.");
            if (manifest.Format != BackupManifest.FormatPresent) throw new StationException($"{path} has format {manifest.Format}, this program knows {BackupManifest.FormatPresent}: use the program that wrote it.");
            byte[]? keys = manifest.HasKeys ? Bytes(tar.GetNextEntry(), KeysName) : null;
            Extract(tar.GetNextEntry(), database, manifest);
            if (keys is null) return new BackupFile(manifest, new Dictionary<string, byte[]>());
            if (passphrase is null) throw new StationException($"{path} holds keys that are encrypted: give their passphrase with --passphrase-file.");
            return new BackupFile(manifest, SealedKeys.Unseal(keys, passphrase, first));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or FormatException)
        {
            throw new StationException($"{path} is not a backup that can be read: {exception.Message} Nothing was changed; use another backup.", exception);
        }
    }

    private static void Add(TarWriter tar, string name, Stream bytes, DateTimeOffset at) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = bytes, Mode = OwnerOnly, ModificationTime = at });

    private static byte[] Bytes(TarEntry? entry, string name)
    {
        if (entry?.Name != name || entry.DataStream is null) throw new InvalidDataException($"{name} is not where it belongs.");
        using MemoryStream bytes = new();
        entry.DataStream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Extract(TarEntry? entry, string target, BackupManifest manifest)
    {
        if (entry?.Name != StateDirectory.Database || entry.DataStream is null) throw new InvalidDataException($"{StateDirectory.Database} is not where it belongs.");
        File.Delete(target);
        using FileStream file = new(target, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly });
        entry.DataStream.CopyTo(file);
        file.Flush(flushToDisk: true);
        file.Position = 0;
        if (file.Length != manifest.DatabaseBytes || Convert.ToHexStringLower(SHA256.HashData(file)) != manifest.DatabaseSha256)
            throw new InvalidDataException("the database in it is not the one that was put in.");
    }
}
