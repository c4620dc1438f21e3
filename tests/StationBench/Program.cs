using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;
using VSan.Tests.StationBench;

// vsan-station-bench --folder DIR [--units N] [--volumes N] [--json]     the station's own services over SQLite on a disk; units that answer at once
int units = Number("--units", 1000), volumes = Number("--volumes", 100_000);
DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Text("--folder"), $"station-bench-{Environment.ProcessId}"));
string database = Path.Combine(folder.FullName, "station.db");
Caller admin = Caller.Of("admin", Role.Admin);
try
{
    Guid[] members;
    Console.Error.WriteLine($"filling {units} units and {volumes} volumes …");
    await using (SqliteStore empty = SqliteStore.Open(database)) members = await PoolOnDisk.FillAsync(empty, units, volumes);
    GC.Collect();
    long opening = Stopwatch.GetTimestamp();
    await using SqliteStore store = SqliteStore.Open(database);
    double open = Stopwatch.GetElapsedTime(opening).TotalMilliseconds;

    SimulatedUnits simulated = new();
    StationServices services = StationServices.Create(store, simulated, simulated, simulated, TimeProvider.System, simulated);
    using CancellationTokenSource ending = new();
    Task running = services.RunAsync(ending.Token);
    foreach (Guid unit in members) services.Presence.OnConnected(unit);
    Task reporting = ReportAsync(services, members, ending.Token);
    await SettleAsync();

    List<Figure> figures = [];
    string? cursor = null;
    figures.Add(await Figure.TakeAsync("volumes, a page of 100, as JSON", 200, 50, async index =>
    {
        VolumePage page = await services.Volumes.ListAsync(admin, new ListQuery(100, index % 50 == 0 ? null : cursor), default);
        cursor = page.NextCursor;
        _ = JsonSerializer.SerializeToUtf8Bytes(page, ApiJson.Default.VolumePage);
    }));
    figures.Add(await Figure.TakeAsync("units, a page of 100, as JSON", 50, 50, async index =>
        _ = JsonSerializer.SerializeToUtf8Bytes(await services.Units.ListAsync(admin, new ListQuery(100), default), ApiJson.Default.UnitPage)));
    figures.Add(await Figure.TakeAsync("operations, a page of 100", 50, 50, _ => services.Operations.ListAsync(admin, new ListQuery(100), default)));
    figures.Add(await Figure.TakeAsync("a volume by name", 200, null, index => services.Volumes.ListAsync(admin, new ListQuery(1, Name: $"volume-{index * 37 % volumes}"), default)));
    figures.Add(await Figure.TakeAsync("the pool's summary", 20, null, _ => services.Pool.GetAsync(admin, default)));
    long pushesBefore = simulated.Pushes;
    Guid operation = default;
    const int Creates = 200;
    figures.Add(await Figure.TakeAsync("create a volume", Creates, 20, async index =>
        operation = (await services.Volumes.CreateAsync(admin, new VolumeCreate($"new-{index}", 1 << 30, null, null, null, null), null, default)).Operation.Id));
    Operation ended = await services.Operations.WaitAsync(operation, TimeSpan.FromSeconds(60), default);
    await SettleAsync();
    double pushes = (simulated.Pushes - pushesBefore) / (double)Creates;
    figures.Add(await Figure.TakeAsync("create a volume until it is served", 100, null, async index =>
    {
        VolumeAccepted made = await services.Volumes.CreateAsync(admin, new VolumeCreate($"served-{index}", 1 << 30, null, null, null, null), null, default);
        ended = await services.Operations.WaitAsync(made.Operation.Id, TimeSpan.FromSeconds(60), default);
        if (ended.State != OperationState.Succeeded) throw new InvalidOperationException($"{ended.Title}: {ended.Phase}");
    }));
    Report report = new(units, volumes, open, figures, pushes, ResidentMebibytes(), new FileInfo(database).Length / (double)(1 << 20));
    Console.WriteLine(args.Contains("--json") ? JsonSerializer.Serialize(report, ReportJson.Default.Report) : Table(report));
    await ending.CancelAsync();
    await Task.WhenAll(running, reporting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    return figures.All(figure => figure.MedianMilliseconds <= (figure.GoalMilliseconds ?? double.MaxValue)) && report.ResidentMebibytes <= 512 ? 0 : 1;

    // Until nothing goes out for a while: each unit has its configuration.
    async Task SettleAsync()
    {
        long last;
        do
        {
            last = simulated.Pushes;
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
        while (simulated.Pushes != last);
    }
}
finally
{
    folder.Delete(recursive: true);
}

// Heartbeats: each unit once a second, all through.
static async Task ReportAsync(StationServices services, Guid[] members, CancellationToken cancellationToken)
{
    Guid boot = Guid.NewGuid();
    using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
    for (long sequence = 1; await timer.WaitForNextTickAsync(cancellationToken); sequence++)
        foreach (Guid unit in members)
            services.Presence.OnReport(new UnitReport(unit, boot, sequence, new ConfigurationStatus(0, 0, []), BlockServerRunning: true, Sessions: 1, [PoolOnDisk.Inventory(unit)]));
}

static double ResidentMebibytes()
{
    string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
    return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) / 1024;
}

static string Table(Report report) => string.Join('\n', [
    $"{report.Units} units, {report.Volumes} volumes; database {report.DatabaseMebibytes:F0} MiB, opened in {report.OpenMilliseconds:F0} ms; largest resident memory {report.ResidentMebibytes:F0} MiB (goal 512)",
    $"configurations sent for each volume that was made: {report.PushesPerCreate:F2}",
    string.Empty,
    "| what | times | p50 ms | p99 ms | processor ms | goal |",
    "|---|---:|---:|---:|---:|---:|",
    .. report.Figures.Select(figure => $"| {figure.Name} | {figure.Count} | {figure.MedianMilliseconds:F2} | {figure.P99Milliseconds:F2} | {figure.ProcessorMilliseconds:F2} | {(figure.GoalMilliseconds is { } goal ? $"{goal:F0}" : "–")} |"),
]);

string Text(string name) => Array.IndexOf(args, name) is >= 0 and int index && index + 1 < args.Length ? args[index + 1] : throw new ArgumentException($"{name} is missing.");

int Number(string name, int otherwise) => args.Contains(name) ? int.Parse(Text(name), CultureInfo.InvariantCulture) : otherwise;
