using System.Data.Common;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.Verbs;

/// <summary><c>vsan-station audit verify</c>: checks the audit log of a database file without a station.</summary>
internal static class AuditVerb
{
    public static async Task RunAsync(string database, long? number, string? hash, TextWriter output, CancellationToken cancellationToken)
    {
        if (!File.Exists(database)) throw new StationException($"There is no file {database}.");
        string copy = Path.Combine(Directory.CreateTempSubdirectory("vsan-audit-").FullName, Path.GetFileName(database));
        try
        {
            // Opening migrates: what is checked as evidence stays as it is. The write-ahead log holds the newest lines.
            foreach (string suffix in (string[])["", "-wal"])
                if (File.Exists(database + suffix)) File.Copy(database + suffix, copy + suffix);
            await using SqliteStore store = SqliteStore.Open(copy);
            (long, string)? noted = number is { } line && hash is { } known ? (line, known) : null;
            AuditVerification found = await AuditChain.VerifyAsync(store, noted, cancellationToken);
            if (!found.Whole) throw new StationException($"The audit log of {database} is broken: {found.Fault}");
            await output.WriteLineAsync($"The audit log of {database} is whole: {found.Lines} lines, the last with hash {found.LastHash}.");
        }
        catch (Exception exception) when (exception is DbException or IOException or InvalidDataException)
        {
            throw new StationException($"The database {database} cannot be read: {exception.Message}", exception);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
        }
    }
}
