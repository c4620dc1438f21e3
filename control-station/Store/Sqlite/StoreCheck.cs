using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>Looks at a whole file without changing it.</summary>
internal static class StoreCheck
{
    private const int ComplaintsMax = 20;

    /// <summary>What SQLite finds wrong with the pages, indexes and constraints; empty when all is well.</summary>
    /// <param name="connection">The file.</param>
    /// <param name="quick">Leave out whether indexes agree with their tables: a few times faster, for each start.</param>
    public static IReadOnlyList<string> Pages(SqliteConnection connection, bool quick)
    {
        string[] lines = [.. Lines(connection, quick ? $"PRAGMA quick_check({ComplaintsMax})" : $"PRAGMA integrity_check({ComplaintsMax})", reader => reader.GetString(0))];
        return lines is ["ok"] ? [] : lines;
    }

    /// <summary>Rows that refer to rows which are not there, one line for each.</summary>
    public static IReadOnlyList<string> References(SqliteConnection connection) =>
        [.. Lines(connection, "PRAGMA foreign_key_check", reader => $"{reader.GetString(0)} refers to a row of {reader.GetString(2)} that is not there").Take(ComplaintsMax)];

    /// <summary>Rows that cannot be read: table, identity, why.</summary>
    public static IReadOnlyList<DamagedRow> Rows(SqliteConnection connection)
    {
        List<DamagedRow> damaged = [];
        foreach (ITableMap map in TableMaps.Every)
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this assembly.
            command.CommandText = map.SelectSql;
#pragma warning restore CA2100
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
                if (map.Fault(reader) is { } fault) damaged.Add(new DamagedRow(map.Table, reader.GetString(0), fault));
        }

        return damaged;
    }

    private static IEnumerable<string> Lines(SqliteConnection connection, string pragma, Func<SqliteDataReader, string> line)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this class.
        command.CommandText = pragma;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) yield return line(reader);
    }
}

/// <summary>A row that cannot be read.</summary>
/// <param name="Table">Its table.</param>
/// <param name="RowId">Its identity there.</param>
/// <param name="Reason">Why.</param>
internal sealed record DamagedRow(string Table, string RowId, string Reason);
