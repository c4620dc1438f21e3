using VSan.Contracts.Api;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.Doctor;

/// <summary>The database is whole: pages, references, each row, the schema, the chain of the audit log, nothing in quarantine.</summary>
internal sealed class DatabaseCheck : IStationCheck
{
    public string Name => "database";

    public string Praise => "The database is whole: every page, reference, row and audit line.";

    public IEnumerable<Finding> Examine(StateDirectory state, DateTimeOffset now)
    {
        string path = state.PathOf(StateDirectory.Database);
        if (!state.Has(StateDirectory.Database)) return [];
        StoreInspection found = StoreInspection.Of(path);
        string restore = new StoreBackups(path, TimeProvider.System).Advice;
        return
        [
            .. found.PageFaults.Select(fault => Error($"{path} is damaged: {fault}", $"Stop the station. {restore}")),
            .. found.ReferenceFaults.Select(fault => Error($"A row of {fault}.", restore)),
            .. found.RowFaults.Select(fault => Error($"{fault}.", "Restart the station: it moves the row aside and goes on without it.")),
            .. found.Quarantined.Select(row => new Finding(
                Name, FindingSeverity.Warning, $"In quarantine: {row}.", "Put it back with the statement in its column 'content' of quarantined_row, mended, while the station is stopped; or restore a backup.")),
            .. found.AuditFault is { } audit ? [Error($"The audit log is not whole: {audit}.", "Compare it with a backup: somebody, or a fault, changed it.")] : Array.Empty<Finding>(),
            .. Schema(found),
        ];
    }

    private Finding[] Schema(StoreInspection found) => found.PageFaults.Count > 0 || found.Schema == StoreInspection.SchemaKnown ? []
        : found.Schema > StoreInspection.SchemaKnown ? [Error($"The database has schema {found.Schema}, this program knows up to {StoreInspection.SchemaKnown}.", "Install the newer program, or restore the copy that was made before it.")]
        : [new Finding(Name, FindingSeverity.Warning, $"The database has schema {found.Schema}; this program migrates it to {StoreInspection.SchemaKnown} at its next start.", "Nothing: it is copied aside first.")];

    private Finding Error(string message, string action) => new(Name, FindingSeverity.Error, message, action);
}
