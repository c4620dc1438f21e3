using Microsoft.Data.Sqlite;
using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>A whole look at a database that changes nothing; a station may be at work on it.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="PageFaults">What is wrong with pages, indexes and constraints.</param>
/// <param name="ReferenceFaults">Rows that refer to nothing.</param>
/// <param name="RowFaults">Rows that cannot be read.</param>
/// <param name="Quarantined">Rows that were moved aside.</param>
/// <param name="AuditFault">The audit line that does not follow the one before it; null when the chain is whole.</param>
public sealed record StoreInspection(
    int Schema,
    IReadOnlyList<string> PageFaults,
    IReadOnlyList<string> ReferenceFaults,
    IReadOnlyList<string> RowFaults,
    IReadOnlyList<string> Quarantined,
    string? AuditFault)
{
    private const int AuditBatch = 1000;
    private const int QuarantinedMax = 1000;

    /// <summary>The newest schema that this program knows.</summary>
    public static int SchemaKnown => Migrations.Newest;

    /// <summary>True when nothing is wrong with the file; rows that were moved aside earlier do not count.</summary>
    public bool IsSound => PageFaults.Count + ReferenceFaults.Count + RowFaults.Count == 0 && AuditFault is null && Schema <= SchemaKnown;

    /// <summary>Everything that is wrong, one line each.</summary>
    public IEnumerable<string> Faults =>
    [
        .. PageFaults, .. ReferenceFaults, .. RowFaults, .. AuditFault is { } audit ? [audit] : Array.Empty<string>(),
        .. Schema > SchemaKnown ? [$"it has schema {Schema}, this program knows up to {SchemaKnown}"] : Array.Empty<string>(),
    ];

    /// <summary>Looks at a file. Of one whose schema is not this program's, only the pages are looked at.</summary>
    public static StoreInspection Of(string path)
    {
        try
        {
            using SqliteConnection connection = SqliteFile.ConnectToLook(path);
            int schema = Migrations.Version(connection);
            IReadOnlyList<string> pages = StoreCheck.Pages(connection, quick: false);
            if (pages.Count > 0 || schema != SchemaKnown) return new(schema, pages, [], [], [], AuditFault: null);
            return new(
                schema,
                pages,
                StoreCheck.References(connection),
                [.. StoreCheck.Rows(connection).Select(row => $"{row.Table} {row.RowId} cannot be read: {row.Reason}")],
                Look(connection, session => session.Table<QuarantinedRow>().Page(after: null, QuarantinedMax).Select(row => $"{row.Table} {row.RowId}: {row.Reason}").ToArray()),
                Look(connection, ChainBreak));
        }
        catch (SqliteException error)
        {
            return new(Schema: 0, [error.Message], [], [], [], AuditFault: null);
        }
    }

    private static T Look<T>(SqliteConnection connection, Func<IStationTransaction, T> read)
    {
        Statements statements = new(connection);
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        return read(new SqliteSession(statements, transaction, kept: null));
    }

    private static string? ChainBreak(IStationTransaction transaction)
    {
        AuditRecord? last = null;
        while (true)
        {
            IReadOnlyList<AuditRecord> lines = transaction.AuditAfter(last?.Number ?? 0, AuditBatch);
            foreach (AuditRecord line in lines)
            {
                if (last is not null && !AuditChain.Follows(line, last)) return $"audit line {line.Number} does not follow line {last.Number}: one of them was changed, or lines between were removed";
                last = line;
            }

            if (lines.Count < AuditBatch) return null;
        }
    }
}
