using System.Globalization;
using System.Runtime.CompilerServices;
using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using VSan.Tests.Proof.Guest;
using Xunit;

namespace VSan.Tests.EndToEnd.Hosts;

/// <summary>A pool of processes, a guest with the real agent, and a mirror "db" mounted there; what its load found is counted.</summary>
internal sealed class HostScenario : IAsyncDisposable
{
    private const int StallMillisecondsMax = 20_000;

    /// <summary>For an operation beside a load; a busy machine has needed twelve minutes for what takes two.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly TestDirectory _directory;
    private readonly StreamWriter _log;
    private readonly int _loadMiB;
    private int _loads;
    private int _longestMilliseconds;

    private HostScenario(TestDirectory directory, StreamWriter log, TestPool pool, GuestHost host, int loadMiB) =>
        (_directory, _log, Pool, Host, _loadMiB) = (directory, log, pool, host, loadMiB);

    public TestPool Pool { get; }

    public GuestHost Host { get; }

    /// <summary>The longest that one read or write of a load took so far.</summary>
    public int LongestMilliseconds => _longestMilliseconds;

    /// <summary>What all loads have read back and found right.</summary>
    public long VerifiedMiB => (long)_loads * _loadMiB;

    /// <summary>Starts the pool and the guest, and has it make the mirror.</summary>
    public static async Task<HostScenario> StartAsync(object test, int units, string size, int loadMiB = 128, [CallerMemberName] string name = "")
    {
        TestDirectory directory = TestDirectory.For(test, name);
        StreamWriter log = new(directory.File("steps.log")) { AutoFlush = true };
        TestPool pool = await TestPool.StartAsync(directory, units);
        GuestHost host = await GuestHost.JoinAsync(directory, pool, log);
        HostScenario scenario = new(directory, log, pool, host, loadMiB);
        try
        {
            await host.StepAsync($"vsan-host request db --size {size} --layout mirror-2 --filesystem xfs --mount /mnt/db && begin_host && await 60 host_says '2 of 2 copies current'");
            return scenario;
        }
        catch
        {
            await scenario.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a load, and returns when it writes.</summary>
    public Task BeginLoadAsync() => Host.StepAsync($"begin_load db/load {_loadMiB}M {_loads} && await 120 load_is_under_way");

    /// <summary>Waits for its end: all that it wrote was read back as it was written.</summary>
    public async Task EndLoadAsync()
    {
        GuestAnswer load = await Host.AskAsync("end_load");
        Assert.True(load.ExitCode == 0, load.Said);
        _loads++;
        _longestMilliseconds = Math.Max(_longestMilliseconds, await NumberAsync("longest_wait"));
    }

    /// <summary>Loads, one after another, until an operation has succeeded; the last one has begun before and ends after it.</summary>
    public async Task LoadUntilAsync(Operation operation)
    {
        using CancellationTokenSource late = new(Patience);
        Operation now = operation;
        do
        {
            await EndLoadAsync();
            await BeginLoadAsync();
            now = await Pool.Api.GetAsync<Operation>($"operations/{operation.Id}");
            await _log.WriteLineAsync($"{now.Title}: {now.State}, {now.Phase}");
        }
        while (now.EndedAt is null && now.State != OperationState.NeedsOperator && !late.IsCancellationRequested);
        Assert.True(now.State == OperationState.Succeeded, $"{now.Title}: {now.State}, {now.Phase} {now.Error?.Detail}");
        await EndLoadAsync();
    }

    /// <summary>The number that a line of shell prints.</summary>
    public async Task<int> NumberAsync(string line) => int.Parse(await Host.StepAsync(line), CultureInfo.InvariantCulture);

    /// <summary>What the volume says of its files and of the kernel, and nothing of it is left when the agent lets it go.</summary>
    public async Task FinishAsync()
    {
        await Host.StepAsync("await 180 host_says '2 of 2 copies current'");
        await Host.StepAsync("sha256sum /mnt/db/load > /run/sum && echo 3 > /proc/sys/vm/drop_caches && sha256sum -c /run/sum");
        await Host.StepAsync("vsan-host detach db && no_disk_left");
    }

    /// <summary>Writes the scenario's line.</summary>
    public void Summarize(string what)
    {
        string figures = _loads == 0 ? string.Empty : $", longest stall {_longestMilliseconds} ms, {VerifiedMiB} MiB verified";
        File.WriteAllText(_directory.File("summary.txt"), $"{what}{figures}, errors 0\n");
        Assert.InRange(_longestMilliseconds, 0, StallMillisecondsMax);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Pool.DisposeAsync();
        await _log.DisposeAsync();
        _directory.Dispose();
    }
}
