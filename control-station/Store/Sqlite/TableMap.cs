using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using VSan.Station.Domain;

namespace VSan.Station.Store.Sqlite;

/// <summary>Reads a record from a row whose first two columns, identity and generation, were read already.</summary>
internal delegate T ReadRow<out T>(Guid id, ref RowReader row);

/// <summary>How one kind of record lies in its table.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Columns">Its columns after <c>id</c> and <c>generation</c>.</param>
/// <param name="Write">Binds these columns.</param>
/// <param name="Read">Makes a record of them.</param>
internal sealed record TableMap<T>(string Table, string[] Columns, Action<T, RowWriter> Write, ReadRow<T> Read) : ITableMap
    where T : Entity
{
    /// <summary>Adds a row; the parameters are identity, generation and <see cref="Columns"/>.</summary>
    public string InsertSql { get; } = $"INSERT INTO {Table} (id, generation, {string.Join(", ", Columns)}) VALUES ({Parameters(0, Columns.Length + 2)})";

    /// <summary>Replaces a row if its generation is still the one given.</summary>
    public string UpdateSql { get; } =
        $"UPDATE {Table} SET generation = $1 + 1, {string.Join(", ", Columns.Select((column, index) => $"{column} = ${index + 2}"))} WHERE id = $0 AND generation = $1";

    /// <summary>Reads rows; a condition and an order follow.</summary>
    public string SelectSql { get; } = $"SELECT id, generation, {string.Join(", ", Columns)} FROM {Table}";

    /// <summary>The record of the row that a reader of <see cref="SelectSql"/> stands on.</summary>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public T Record(SqliteDataReader reader)
    {
        try
        {
            RowReader row = new(reader);
            Guid id = row.Id();
            long generation = row.Integer();
            return (T)((Entity)Read(id, ref row) with { Generation = generation });
        }
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidCastException or InvalidOperationException or OverflowException or JsonException)
        {
            throw new InvalidDataException($"A row of {Table} is damaged ({error.Message}); a restart of the station moves it aside.", error);
        }
    }

    /// <inheritdoc/>
    public string? Fault(SqliteDataReader reader)
    {
        try
        {
            _ = Record(reader);
            return null;
        }
        catch (InvalidDataException error)
        {
            return error.InnerException?.Message ?? error.Message;
        }
    }

    private static string Parameters(int first, int count) =>
        string.Join(", ", Enumerable.Range(first, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"${index}")));
}
