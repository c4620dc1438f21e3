using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>Connections to a file, with the settings that durability rests on.</summary>
internal static class SqliteFile
{
    /// <summary>Opens a file for reading and writing, and makes it when it is missing.</summary>
    /// <exception cref="InvalidOperationException">The file system cannot keep what a write-ahead log needs.</exception>
    public static SqliteConnection Connect(string path)
    {
        SqliteConnection connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Require(connection, "journal_mode", "WAL", "wal");
            Require(connection, "synchronous", "FULL", "2");
            Require(connection, "foreign_keys", "ON", "1");
            Require(connection, "busy_timeout", "5000", "5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file to look at; a station may be at work on it.</summary>
    public static SqliteConnection ConnectToLook(string path)
    {
        SqliteConnection connection = Open(path, SqliteOpenMode.ReadWrite);
        Execute(connection, "PRAGMA busy_timeout = 5000");
        Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    /// <summary>Runs a pragma and gives the first value back.</summary>
    public static string? Execute(SqliteConnection connection, string pragma)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this assembly.
        command.CommandText = pragma;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SQLitePCL.Batteries_V2.Init();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Require(SqliteConnection connection, string pragma, string wanted, string reads)
    {
        Execute(connection, $"PRAGMA {pragma} = {wanted}");
        string? found = Execute(connection, $"PRAGMA {pragma}");
        if (found != reads) throw new InvalidOperationException($"SQLite keeps {pragma} at {found} where {reads} is needed: the file lies on a file system it cannot be safe on.");
    }
}
