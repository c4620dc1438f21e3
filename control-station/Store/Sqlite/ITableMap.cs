using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>How records of some kind lie in their table, for whoever looks at all tables.</summary>
internal interface ITableMap
{
    /// <summary>Name of the table.</summary>
    string Table { get; }

    /// <summary>Reads all rows.</summary>
    string SelectSql { get; }

    /// <summary>Reads the row that a reader of <see cref="SelectSql"/> stands on, and says why it cannot be read; null when it can.</summary>
    string? Fault(SqliteDataReader reader);
}
