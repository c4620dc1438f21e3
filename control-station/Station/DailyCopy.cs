using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station;

/// <summary>Copies the database once a day while the station runs, and soon after a start when the last copy is older.</summary>
internal sealed class DailyCopy(StationParts parts, ILogger<DailyCopy> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly string _database = Path.Combine(parts.StatePath, StateDirectory.Database);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, parts.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) CopyIfDue();
    }

    // A clock that was set back makes the last copy seem to be of the future: that counts as due, too.
    private void CopyIfDue()
    {
        StoreBackups backups = new(_database, parts.Time);
        if (!File.Exists(_database) || (backups.NewestAt is { } at && (parts.Time.GetUtcNow() - at).Duration() < Day)) return;
        try
        {
            StoreCopy.Keep(_database, backups, "daily");
            log.LogInformation("The database was copied to {Folder}.", backups.Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The daily copy of the database failed and is tried again: {Message}", exception.Message);
        }
    }
}
