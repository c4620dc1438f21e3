using Microsoft.Data.Sqlite;

namespace VSan.Station.Store.Sqlite;

/// <summary>
/// One connection with the statements that were prepared on it: preparing one anew takes longer than most of them run. There are as many as
/// there are different texts in the program, some hundred. One session at a time uses them, and ends one statement before it begins the next.
/// </summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>The connection.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>A command without parameters; it stays this object's.</summary>
    public SqliteCommand Command(string sql, SqliteTransaction transaction)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this assembly; what comes from outside is a parameter.
            command.CommandText = sql;
#pragma warning restore CA2100
            _commands.Add(sql, command);
        }

        command.Transaction = transaction;
        command.Parameters.Clear();
        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values) command.Dispose();
        connection.Dispose();
    }
}
