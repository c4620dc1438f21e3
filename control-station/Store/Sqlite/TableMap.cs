using System.Globalization;
using VSan.Station.Domain;

namespace VSan.Station.Store.Sqlite;

/// <summary>Reads a record from a row whose first two columns, identity and generation, were read already.</summary>
internal delegate T ReadRow<out T>(Guid id, ref RowReader row);

/// <summary>How one kind of record lies in its table.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Columns">Its columns after <c>id</c> and <c>generation</c>.</param>
/// <param name="Write">Binds these columns.</param>
/// <param name="Read">Makes a record of them.</param>
internal sealed record TableMap<T>(string Table, string[] Columns, Action<T, RowWriter> Write, ReadRow<T> Read)
    where T : Entity
{
    /// <summary>Adds a row; the parameters are identity, generation and <see cref="Columns"/>.</summary>
    public string InsertSql { get; } = $"INSERT INTO {Table} (id, generation, {string.Join(", ", Columns)}) VALUES ({Parameters(0, Columns.Length + 2)})";

    /// <summary>Replaces a row if its generation is still the one given.</summary>
    public string UpdateSql { get; } =
        $"UPDATE {Table} SET generation = $1 + 1, {string.Join(", ", Columns.Select((column, index) => $"{column} = ${index + 2}"))} WHERE id = $0 AND generation = $1";

    /// <summary>Reads rows; a condition and an order follow.</summary>
    public string SelectSql { get; } = $"SELECT id, generation, {string.Join(", ", Columns)} FROM {Table}";

    private static string Parameters(int first, int count) =>
        string.Join(", ", Enumerable.Range(first, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"${index}")));
}
