using Microsoft.Data.Sqlite;
using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>One table within one transaction.</summary>
internal sealed class SqliteTable<T>(SqliteSession session, TableMap<T> map) : ITable<T>
    where T : Entity
{
    private const int ConstraintViolated = 19;

    /// <inheritdoc/>
    public int Count => (int)session.Scalar($"SELECT count(*) FROM {map.Table}");

    /// <inheritdoc/>
    public T? Find(Guid id) => Select(" WHERE id = $0", id.ToString()) is [T record] ? record : null;

    /// <inheritdoc/>
    public IReadOnlyList<T> Where(Lookup<T> lookup, string key) => Select($" WHERE {lookup.Column} = $0 ORDER BY id", key);

    /// <inheritdoc/>
    public int CountWhere(Lookup<T> lookup, string key) => (int)session.Scalar($"SELECT count(*) FROM {map.Table} WHERE {lookup.Column} = $0", key);

    /// <inheritdoc/>
    public long SumWhere(Lookup<T> lookup, string key, Measure<T> measure) => session.Scalar($"SELECT coalesce(sum({measure.Column}), 0) FROM {map.Table} WHERE {lookup.Column} = $0", key);

    /// <inheritdoc/>
    public IReadOnlyList<T> Page(Guid? after, int limit, bool newestFirst = false) => newestFirst
        ? Select(" WHERE id < $0 ORDER BY id DESC LIMIT $1", after?.ToString() ?? "g", limit)
        : Select(" WHERE id > $0 ORDER BY id LIMIT $1", after?.ToString() ?? string.Empty, limit);

    /// <inheritdoc/>
    public T Insert(T record)
    {
        Change(map.InsertSql, record);
        return record;
    }

    /// <inheritdoc/>
    public T Update(T record) => Change(map.UpdateSql, record) == 1
        ? (T)((Entity)record with { Generation = record.Generation + 1 })
        : throw new StoreConflictException($"{map.Table} {record.Id} is no longer of generation {record.Generation}.");

    /// <inheritdoc/>
    public void Delete(Guid id) => session.Execute($"DELETE FROM {map.Table} WHERE id = $0", id.ToString());

    private int Change(string sql, T record)
    {
        session.RequireWritable();
        SqliteCommand command = session.Command(sql);
        map.Write(record, new RowWriter(command).Id(record.Id).Integer(record.Generation));
        try
        {
            return command.ExecuteNonQuery();
        }
        catch (SqliteException error) when (error.SqliteErrorCode == ConstraintViolated)
        {
            throw new StoreConflictException($"{map.Table} {record.Id}: {error.Message}", error);
        }
    }

    private List<T> Select(string condition, params ReadOnlySpan<object> values)
    {
        using SqliteDataReader reader = session.Command(map.SelectSql + condition, values).ExecuteReader();
        List<T> records = [];
        while (reader.Read()) records.Add(map.Record(reader));
        return records;
    }
}
