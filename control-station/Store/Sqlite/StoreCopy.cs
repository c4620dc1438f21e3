using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>Consistent copies of a database, also of one that a station is at work on.</summary>
public static class StoreCopy
{
    /// <summary>Copies a database into a new file, mode 0600, durable when this returns.</summary>
    /// <exception cref="IOException">The database cannot be read, or the copy not be written.</exception>
    public static void Take(string path, string copy) => With(path, connection => StoreBackups.CopyTo(connection, copy));

    /// <summary>Adds a copy to the folder of copies, as a station does once a day.</summary>
    /// <exception cref="IOException">The database cannot be read, or the copy not be written.</exception>
    public static void Keep(string path, StoreBackups backups, string reason)
    {
        ArgumentNullException.ThrowIfNull(backups);
        With(path, connection => backups.Take(connection, reason));
    }

    private static void With(string path, Action<SqliteConnection> copy)
    {
        try
        {
            using SqliteConnection connection = SqliteFile.Connect(path);
            copy(connection);
        }
        catch (SqliteException error)
        {
            throw new IOException($"{path} cannot be copied: {error.Message}", error);
        }
    }
}
