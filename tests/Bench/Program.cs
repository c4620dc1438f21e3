using System.Globalization;
using System.Text.Json;
using VSan.Tests.Bench;
using VSan.Tests.Bench.Joins;

// vsan-bench --blockserver FILE --folder DIR [--quick] [--rounds N] [--seconds N] [--json]      the table, side by side with tgt and raw io_uring
// vsan-bench joins --station FILE --folder DIR [--units N] [--json]      units that join one station at once
// vsan-bench footprint --blockserver FILE --folder DIR [--rounds N]      start, memory and idle processor time alone
// vsan-bench load URL [--block N] [--sessions N] [--depth N] [--read PERCENT] [--sequential] [--seconds N]   one target, one line
const long volumeBytes = 1L << 30;

if (args is ["load", string url, ..])
{
    Workload asked = new("load", Number("--block", 4096), Number("--sessions", 1), Number("--depth", 32), Number("--read", 100), args.Contains("--sequential"));
    LoadResult one = LoadGenerator.Run(TargetAddress.Parse(url), asked, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(Number("--seconds", 2)), new TargetProcess(Number("--pid", 0)));
    Console.WriteLine($"{one.Iops:F0} IOPS, {one.MegabytesPerSecond:F0} MB/s, p50 {one.MedianMicroseconds:F1} µs, p99 {one.P99Microseconds:F1} µs, {one.Errors} errors");
    return one.Errors == 0 ? 0 : 1;
}

if (args is ["joins", ..])
{
    JoinResult joined = await JoinBench.RunAsync(Text("--station"), Directory.CreateDirectory(Text("--folder")).FullName, Number("--units", 1000));
    Console.WriteLine(args.Contains("--json") ? JsonSerializer.Serialize(joined, BenchJson.Default.JoinResult) : joined);
    return 0;
}

if (args is ["footprint", ..])
{
    Console.WriteLine(FootprintTable(Footprint.Measure(Text("--blockserver"), Directory.CreateDirectory(Text("--folder")).FullName, Number("--rounds", 3))));
    return 0;
}

bool quick = args.Contains("--quick");
int rounds = Number("--rounds", quick ? 3 : 5);
TimeSpan measured = TimeSpan.FromSeconds(Number("--seconds", quick ? 1 : 2));
TimeSpan warmUp = TimeSpan.FromSeconds(0.5);
string folder = Directory.CreateDirectory(Text("--folder")).FullName;
string ours = Filled(Path.Combine(folder, "vsan.img"));
string onEpoll = Filled(Path.Combine(folder, "epoll.img"));
string theirs = Filled(Path.Combine(folder, "tgt.img"));
string raw = Filled(Path.Combine(folder, "raw.img"));
string inMemory = Filled(Path.Combine("/dev/shm", $"vsan-bench-{Environment.ProcessId}.img"));
try
{
    using VsanTarget vsan = new(Text("--blockserver"), "uring", folder, volumeBytes, ours);
    using VsanTarget epoll = new(Text("--blockserver"), "epoll", folder, volumeBytes, onEpoll);
    using TgtTarget tgt = new(inMemory, theirs);

    // As the files are: a page's first touch is the kernel's work, and tgt's pages have had theirs.
    Workload fill = new("fill", 1 << 20, Sessions: 1, Depth: 4, ReadPercent: 0, Sequential: true);
    foreach (VsanTarget target in new[] { vsan, epoll }) _ = LoadGenerator.Run(target.Memory, fill, TimeSpan.Zero, TimeSpan.FromSeconds(5), target.Process);
    Contest[] contests =
    [
        new("Memory", [
            Over("vsan, memory volume", vsan.Memory, vsan.Process),
            Over("the same on epoll", epoll.Memory, epoll.Process),
            Over("tgt, tmpfs", tgt.Memory, new TargetProcess(tgt.ProcessId)),
            new("bare TCP", BareTcp.Run),
        ]),
        new("File on disk, O_DIRECT", [
            Over("vsan, file volume", vsan.File, vsan.Process),
            Over("the same on epoll", epoll.File, epoll.Process),
            Over("tgt, aio", tgt.File, new TargetProcess(tgt.ProcessId)),
            new("fio, raw io_uring", (workload, time) => RawFile.Run(raw, workload, time)),
        ]),
    ];
    foreach (Contest contest in contests)
    {
        foreach (Workload workload in quick ? Workload.Quick : Workload.All) contest.Run(workload, rounds, measured);
    }

    Console.Error.WriteLine("Footprint");
    BenchReport report = new(
        [.. contests.Select(contest => new ContestReport(contest.Title, contest.Rows))],
        Footprint.Measure(Text("--blockserver"), folder, rounds));
    Console.WriteLine(args.Contains("--json")
        ? JsonSerializer.Serialize(report, BenchJson.Default.BenchReport)
        : string.Join('\n', [.. contests.Select(contest => contest.ToMarkdown()), FootprintTable(report.Footprint)]));
    return 0;
}
finally
{
    File.Delete(inMemory);
}

Contestant Over(string name, TargetAddress address, TargetProcess process) =>
    new(name, (workload, time) => LoadGenerator.Run(address, workload, warmUp, time, process));

static string FootprintTable(IReadOnlyList<Footprint.Figure> figures) =>
    "### Footprint\n\n| what | figure |\n|---|---:|\n"
    + string.Concat(figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"| {figure.What} | {figure.Value:F1} {figure.Unit} |\n")));

// Written once in full, so that no contestant allocates blocks while it is measured.
static string Filled(string path)
{
    if (File.Exists(path) && new FileInfo(path).Length == volumeBytes) return path;
    byte[] block = new byte[1 << 20];
    block.AsSpan().Fill(0x5a);
    using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
    for (long written = 0; written < volumeBytes; written += block.Length) file.Write(block);
    file.Flush(flushToDisk: true);
    return path;
}

string Text(string option) =>
    Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : throw new ArgumentException($"{option} is missing; ./dev bench gives it.");

int Number(string option, int otherwise) => args.Contains(option) ? int.Parse(Text(option), CultureInfo.InvariantCulture) : otherwise;
