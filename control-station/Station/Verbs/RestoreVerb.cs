using System.Globalization;
using VSan.Station.Backup;
using VSan.Station.Certificates;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.Verbs;

/// <summary>
/// <c>vsan-station restore</c>: puts a backup, or one of the database's own copies, in the place of a station's state. What was there is set
/// aside, not removed; a restore that is cut off leaves a mark, and is repeated.
/// </summary>
internal static class RestoreVerb
{
    private const string Draft = "restore.db";

    public static async Task RunAsync(string path, string statePath, string? passphraseFile, bool yes, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        string? passphrase = Passphrase.Read(passphraseFile);
        using StateDirectory state = StateDirectory.Open(statePath);
        RequireConsent(state, yes);
        string draft = state.PathOf(Draft);
        try
        {
            BackupFile backup = IsCopy(path) ? TakeCopy(path, draft, state, time) : BackupFile.Read(path, passphrase, draft);
            StoreInspection found = StoreInspection.Of(draft);
            if (!found.IsSound) throw new StationException($"The database in {path} is not sound: {found.Faults.First()}. Nothing was changed; use another backup.");
            RequireKeys(state, backup, path, time);
            string? aside = Replace(state, backup, draft, time);
            await NoteAsync(state, path, backup, time, cancellationToken);
            File.Delete(state.PathOf(StateDirectory.UnfinishedRestore));
            await output.WriteLineAsync($"vsan-station: {statePath} is the station of {backup.Manifest.CreatedAt:u} again{(aside is null ? string.Empty : $"; what was there is in {aside}")}.");
            await output.WriteLineAsync("              Units that were changed since then are served on and left alone; 'vsan unit list' shows which.");
        }
        finally
        {
            foreach (string suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"]) File.Delete(draft + suffix);
        }
    }

    private static void RequireConsent(StateDirectory state, bool yes)
    {
        if (!yes && !state.Has(StateDirectory.UnfinishedRestore) && (state.Has(StateDirectory.Identity) || state.Has(StateDirectory.Database)))
            throw new StationException($"{state.Location} holds a station. A restore puts the backup in its place (and sets its database aside): add --yes if that is what you want.");
    }

    private static void RequireKeys(StateDirectory state, BackupFile backup, string path, TimeProvider time)
    {
        if (backup.Keys.Count > 0) return;
        string[] missing = [.. StateDirectory.Keys.Append(StateDirectory.Identity).Where(name => !state.Has(name))];
        if (missing.Length > 0)
            throw new StationException($"{path} has no keys, and {state.Location} lacks {string.Join(", ", missing)}. Put the station's own there, or use a backup with keys. Nothing was changed.");
        using PoolAuthority authority = PoolAuthority.Load(state, time);
        if (authority.Fingerprint.Text != backup.Manifest.CaFingerprint)
            throw new StationException($"{path} has no keys and is of another pool (CA {backup.Manifest.CaFingerprint}). Nothing was changed.");
    }

    // The mark is there before anything changes and goes last; each step may be repeated.
    private static string? Replace(StateDirectory state, BackupFile backup, string draft, TimeProvider time)
    {
        state.Write(StateDirectory.UnfinishedRestore, []);
        string stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        string? aside = state.Has(StateDirectory.Database) ? state.SetDatabaseAside(stamp) : null;
        foreach ((string name, byte[] bytes) in backup.Keys.Where(file => StateDirectory.Keys.Contains(file.Key) || file.Key == StateDirectory.Identity))
            state.Write(name, bytes);
        File.Move(draft, state.PathOf(StateDirectory.Database), overwrite: true);
        return aside;
    }

    private static async Task NoteAsync(StateDirectory state, string path, BackupFile backup, TimeProvider time, CancellationToken cancellationToken)
    {
        await using SqliteStore store = StoreFile.OpenOrMake(state, time);
        string message = string.Create(CultureInfo.InvariantCulture, $"The station was restored from {Path.GetFileName(path)} of {backup.Manifest.CreatedAt:u}.");
        await store.WriteAsync(
            transaction =>
            {
                transaction.AppendEvent(time.GetUtcNow(), "station.restored", "station", message);
                return transaction.AppendAudit(time.GetUtcNow(), $"{Environment.UserName} on this machine", "station.restore", $"station/{backup.Manifest.Pool}", "granted");
            },
            cancellationToken);
    }

    private static bool IsCopy(string path)
    {
        byte[] head = new byte[15];
        using FileStream? file = File.Exists(path) ? File.OpenRead(path) : null;
        return file?.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual("SQLite format 3"u8);
    }

    private static BackupFile TakeCopy(string path, string draft, StateDirectory state, TimeProvider time)
    {
        string[] missing = [.. StateDirectory.Keys.Append(StateDirectory.Identity).Where(name => !state.Has(name))];
        if (missing.Length > 0) throw new StationException($"{path} is a copy of the database alone, and {state.Location} lacks {string.Join(", ", missing)}. Use a full backup.");
        using PoolAuthority authority = PoolAuthority.Load(state, time);
        File.Copy(path, draft, overwrite: true);
        FileInfo copy = new(path);
        BackupManifest manifest = new(
            BackupManifest.FormatPresent, StationIdentity.Load(state).Name, new DateTimeOffset(copy.LastWriteTimeUtc, TimeSpan.Zero), Schema: 0, authority.Fingerprint.Text,
            copy.Length, string.Empty, HasKeys: false);
        return new BackupFile(manifest, new Dictionary<string, byte[]>());
    }
}
