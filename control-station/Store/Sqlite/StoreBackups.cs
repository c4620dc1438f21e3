using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>Copies of the database in the folder <c>backups</c> beside it: one before each migration, one a day. The newest <see cref="Kept"/> are kept.</summary>
/// <remarks>A copy is consistent whatever goes on meanwhile. It holds no keys: those lie beside the database, and in a full backup.</remarks>
public sealed class StoreBackups(string databasePath, TimeProvider time)
{
    /// <summary>How many copies are kept: a week of days.</summary>
    public const int Kept = 7;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where they lie.</summary>
    public string Folder { get; } = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(databasePath))!, "backups");

    /// <summary>The newest copy; null when there is none.</summary>
    public string? Newest => Files().LastOrDefault();

    /// <summary>When the newest copy was made; null when there is none.</summary>
    public DateTimeOffset? NewestAt => Newest is { } newest ? new DateTimeOffset(File.GetLastWriteTimeUtc(newest), TimeSpan.Zero) : null;

    /// <summary>What a person does about a damaged database.</summary>
    public string Advice => Newest is { } newest
        ? $"Restore its newest copy: vsan-station restore {newest} --state {Path.GetDirectoryName(Folder)} --yes"
        : "Restore a backup of the station with vsan-station restore.";

    /// <summary>Copies the database and removes the oldest copies.</summary>
    /// <param name="connection">A connection to it, outside a transaction.</param>
    /// <param name="reason">Becomes part of the copy's name.</param>
    /// <returns>Path of the copy.</returns>
    public string Take(SqliteConnection connection, string reason)
    {
        Directory.CreateDirectory(Folder, OwnerOnly | UnixFileMode.UserExecute);
        string stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        string path = Path.Combine(Folder, $"{stamp}-{reason}.db");
        CopyTo(connection, path);
        foreach (string old in Files().SkipLast(Kept)) File.Delete(old);
        return path;
    }

    /// <summary>Copies a database into a new file, mode 0600, durable when this returns.</summary>
    public static void CopyTo(SqliteConnection connection, string path)
    {
        ArgumentNullException.ThrowIfNull(connection);
        string draft = path + ".new";
        File.Delete(draft);
        using (new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            // VACUUM INTO takes an empty file; made here, because SQLite would make it readable to others.
        }

        using (SqliteCommand command = connection.CreateCommand())
        {
            command.CommandText = "VACUUM INTO $0";
            command.Parameters.AddWithValue("$0", draft);
            command.ExecuteNonQuery();
        }

        using (FileStream copy = new(draft, FileMode.Open, FileAccess.ReadWrite)) copy.Flush(flushToDisk: true);
        File.Move(draft, path, overwrite: true);
    }

    private string[] Files() => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.db").Order(StringComparer.Ordinal)] : [];
}
