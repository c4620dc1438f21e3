using Microsoft.Data.Sqlite;
using VSan.Station.Domain;

namespace VSan.Station.Store.Sqlite;

/// <summary>
/// Moves rows that cannot be read out of the way, so that the station starts and everything else works. What refers to such a row goes with
/// it, and so does a volume that would lack a leg: a part of it would look like the whole.
/// </summary>
/// <remarks>
/// Nothing on a unit changes by it. The unit then has legs that the station knows nothing of, and such a unit is left alone
/// (<see cref="Execution.UnitProgress"/>) until a person has put the rows back or restored a backup.
/// </remarks>
internal sealed class Quarantine(SqliteConnection connection, SqliteSession session, DateTimeOffset now)
{
    /// <summary>Parents that are nothing without each of their children.</summary>
    private static readonly (string Child, string Column, string Parent)[] Essential = [("leg", "volume_id", "volume")];

    private readonly HashSet<(string Table, string RowId)> _moved = [];

    /// <summary>Moves every damaged row of a file aside, in one transaction.</summary>
    /// <returns>How many rows were moved.</returns>
    public static int Sweep(SqliteConnection connection, Statements statements, DateTimeOffset now)
    {
        IReadOnlyList<DamagedRow> damaged = StoreCheck.Rows(connection);
        if (damaged.Count == 0) return 0;
        using SqliteTransaction transaction = connection.BeginTransaction();
        SqliteSession session = new(statements, transaction, new KeptTables());
        session.Execute("PRAGMA defer_foreign_keys = ON");
        Quarantine quarantine = new(connection, session, now);
        foreach (DamagedRow row in damaged) quarantine.Move(row.Table, row.RowId, $"it cannot be read: {row.Reason}");
        session.AppendEvent(
            now,
            "store.quarantined",
            "pool",
            $"{quarantine._moved.Count} rows of the database were damaged, or depend on damaged ones, and were moved aside; 'vsan doctor' lists them. Units whose legs are among them are left alone.");
        transaction.Commit();
        return quarantine._moved.Count;
    }

    private void Move(string table, string rowId, string reason)
    {
        if (!_moved.Add((table, rowId))) return;
        string because = $"it belongs to {table} {rowId}, which was moved aside";
        foreach ((string child, string column) in Children(table))
            foreach (string id in Ids($"SELECT id FROM {child} WHERE {column} = $0", rowId)) Move(child, id, because);
        foreach ((string _, string column, string parent) in Essential.Where(part => part.Child == table))
            foreach (string id in Ids($"SELECT {column} FROM {table} WHERE id = $0", rowId)) Move(parent, id, $"it lacks {table} {rowId}, which was moved aside");
        if (Ids($"SELECT {InsertExpression(table)} FROM {table} WHERE id = $0", rowId) is not [string content]) return;
        session.Table<QuarantinedRow>().Insert(new QuarantinedRow(Guid.CreateVersion7(now), table, rowId, reason, content, now));
        session.Execute($"DELETE FROM {table} WHERE id = $0", rowId);
    }

    private List<(string Child, string Column)> Children(string table)
    {
        List<(string, string)> children = [];
        foreach (ITableMap map in TableMaps.Every)
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT \"from\" FROM pragma_foreign_key_list($0) WHERE \"table\" = $1";
            command.Parameters.AddWithValue("$0", map.Table);
            command.Parameters.AddWithValue("$1", table);
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read()) children.Add((map.Table, reader.GetString(0)));
        }

        return children;
    }

    // The statement that puts the row back, as SQLite itself writes its values.
    private string InsertExpression(string table)
    {
        List<string> columns = [];
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_info($0)";
        command.Parameters.AddWithValue("$0", table);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) columns.Add(reader.GetString(0));
        return $"'INSERT INTO {table} ({string.Join(", ", columns)}) VALUES (' || {string.Join(" || ', ' || ", columns.Select(column => $"quote({column})"))} || ')'";
    }

    private List<string> Ids(string sql, string rowId)
    {
        List<string> ids = [];
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables and columns are the schema's.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$0", rowId);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) ids.Add(reader.GetString(0));
        return ids;
    }
}
