using Microsoft.Data.Sqlite;
using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>One connection inside one transaction.</summary>
/// <param name="statements">The connection; this session's until it ends.</param>
/// <param name="transaction">The transaction.</param>
/// <param name="kept">What the writer keeps; null for a snapshot, which may change nothing.</param>
internal sealed class SqliteSession(Statements statements, SqliteTransaction transaction, KeptTables? kept) : IStationTransaction
{
    /// <summary>Events kept: a browser that was away longer reads the present state instead.</summary>
    private const int EventsMax = 10_000;

    private const string EventColumns = "SELECT number, at, kind, subject, message FROM event";
    private const string AuditColumns = "SELECT number, at, who, action, subject, outcome, hash FROM audit";

    /// <inheritdoc/>
    public ITable<T> Table<T>()
        where T : Entity
    {
        SqliteTable<T> table = new(this, TableMaps.Of<T>());
        return kept?.Of<T>() is { } rows ? new KeptTable<T>(table, rows) : table;
    }

    /// <inheritdoc/>
    public EventRecord AppendEvent(DateTimeOffset at, string kind, string subject, string message)
    {
        Execute("INSERT INTO event (at, kind, subject, message) VALUES ($0, $1, $2, $3)", at.UtcTicks, kind, subject, message);
        long number = Scalar("SELECT last_insert_rowid()");
        Execute("DELETE FROM event WHERE number <= $0", number - EventsMax);
        return new EventRecord(number, at, kind, subject, message);
    }

    /// <inheritdoc/>
    public IReadOnlyList<EventRecord> EventsAfter(long number, int limit) => Events(" WHERE number > $0 ORDER BY number LIMIT $1", number, limit);

    /// <inheritdoc/>
    public IReadOnlyList<EventRecord> LastEvents(int limit)
    {
        List<EventRecord> events = Events(" ORDER BY number DESC LIMIT $0", limit);
        events.Reverse();
        return events;
    }

    /// <inheritdoc/>
    public AuditRecord AppendAudit(DateTimeOffset at, string who, string action, string subject, string outcome)
    {
        AuditRecord line = AuditChain.After(Audit(" ORDER BY number DESC LIMIT 1").FirstOrDefault(), at, who, action, subject, outcome);
        Execute(
            "INSERT INTO audit (number, at, who, action, subject, outcome, hash) VALUES ($0, $1, $2, $3, $4, $5, $6)",
            line.Number, line.At.UtcTicks, line.Who, line.Action, line.Subject, line.Outcome, line.Hash);
        return line;
    }

    /// <inheritdoc/>
    public IReadOnlyList<AuditRecord> AuditAfter(long number, int limit) => Audit(" WHERE number > $0 ORDER BY number LIMIT $1", number, limit);

    /// <inheritdoc/>
    public IReadOnlyList<AuditRecord> AuditLines(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<string> conditions = [];
        List<object> values = [];
        void Add(string condition, object? value)
        {
            if (value is null) return;
            conditions.Add($"{condition} ${values.Count}");
            values.Add(value);
        }

        Add("number <", query.Before);
        Add("who =", query.Who);
        Add("action =", query.Action);
        Add("subject =", query.Subject);
        Add("outcome =", query.Outcome);
        Add("at >=", query.Since?.UtcTicks);
        Add("at <", query.Until?.UtcTicks);
        string where = conditions.Count == 0 ? string.Empty : $" WHERE {string.Join(" AND ", conditions)}";
        values.Add(query.Limit);
        return Audit($"{where} ORDER BY number DESC LIMIT ${values.Count - 1}", [.. values]);
    }

    /// <summary>A command with its parameters; not the caller's to dispose of, and used up before the next is asked for.</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        SqliteCommand command = statements.Command(sql, transaction);
        for (int index = 0; index < values.Length; index++) command.Parameters.AddWithValue($"${index}", values[index]);
        return command;
    }

    /// <summary>Refuses a change in a read.</summary>
    public void RequireWritable()
    {
        if (kept is null) throw new InvalidOperationException("A read may not change the store.");
    }

    /// <summary>Runs a change.</summary>
    public void Execute(string sql, params ReadOnlySpan<object> values)
    {
        RequireWritable();
        Command(sql, values).ExecuteNonQuery();
    }

    /// <summary>Reads one number.</summary>
    public long Scalar(string sql, params ReadOnlySpan<object> values) => (long)(Command(sql, values).ExecuteScalar() ?? 0L);

    private List<EventRecord> Events(string condition, params ReadOnlySpan<object> values) => Rows(
        EventColumns + condition,
        (ref row) => new EventRecord(row.Integer(), row.Time(), row.Text(), row.Text(), row.Text()),
        values);

    private List<AuditRecord> Audit(string condition, params ReadOnlySpan<object> values) => Rows(
        AuditColumns + condition,
        (ref row) => new AuditRecord(row.Integer(), row.Time(), row.Text(), row.Text(), row.Text(), row.Text(), row.Text()),
        values);

    private List<T> Rows<T>(string sql, ReadLine<T> read, ReadOnlySpan<object> values)
    {
        using SqliteDataReader reader = Command(sql, values).ExecuteReader();
        List<T> lines = [];
        while (reader.Read())
        {
            RowReader row = new(reader);
            lines.Add(read(ref row));
        }

        return lines;
    }

    private delegate T ReadLine<out T>(ref RowReader row);
}
