using System.Globalization;
using System.Net;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>One IP SAN unit: its agent and its block server, each a process that can be killed alone.</summary>
internal sealed class UnitUnderTest : IAsyncDisposable
{
    private readonly TestDirectory _directory;
    private readonly StationUnderTest _station;
    private readonly long _storeLimitBytes;

    private UnitUnderTest(TestDirectory directory, StationUnderTest station, string name, long storeLimitBytes) =>
        (_directory, _station, Name, _storeLimitBytes) = (directory, station, name, storeLimitBytes);

    public string Name { get; }

    public IPEndPoint Portal { get; } = Loopback.Free();

    /// <summary>Where its shares are served.</summary>
    public string SharePorts { get; } = FreeShares();

    public ProcessUnderTest Agent { get; private set; } = null!;

    public ProcessUnderTest BlockServer { get; private set; } = null!;

    /// <summary>The pinned CA; tests of a wrong one set it.</summary>
    public string CaFingerprint { get; init; } = string.Empty;

    public string? TokenFile { get; init; }

    public string State => _directory.Folder($"{Name}.state");

    public string Store => _directory.Folder($"{Name}.store");

    private string Control => _directory.Socket($"{Name}.control");

    /// <summary>Starts both processes; whether the unit is admitted is the caller's question.</summary>
    public static UnitUnderTest Start(
        TestDirectory directory, StationUnderTest station, string name, string? token, string? caFingerprint = null, long storeLimitBytes = 8L << 30)
    {
        UnitUnderTest unit = new(directory, station, name, storeLimitBytes)
        {
            CaFingerprint = caFingerprint ?? station.CaFingerprint,
            TokenFile = token is null ? null : directory.SecretFile($"{name}.token", token),
        };
        unit.StartBlockServer();
        unit.StartAgent();
        return unit;
    }

    public Task ReadyAsync() => Agent.LineAsync("vsan-unit: ready");

    public void StartAgent()
    {
        List<string> arguments =
        [
            "run", "--state", State, "--name", Name, "--station", _station.Address.GetLeftPart(UriPartial.Authority), "--ca-fingerprint", CaFingerprint,
            "--store", Store, "--store-limit", _storeLimitBytes.ToString(CultureInfo.InvariantCulture), "--portal", Portal.ToString(), "--shares", SharePorts, "--control", Control,
        ];
        if (TokenFile is not null) arguments.AddRange(["--token-file", TokenFile]);
        Agent = ProcessUnderTest.Start(ProductBinaries.Unit, arguments, _directory.File($"{Name}.agent.log"));
    }

    public void StartBlockServer() => BlockServer = ProcessUnderTest.Start(
        ProductBinaries.BlockServer,
        ["run", "--state", _directory.Folder($"{Name}.blockserver"), "--control", Control, "--rings", "1"],
        _directory.File($"{Name}.blockserver.log"));

    public async Task RestartAgentAfterKillAsync()
    {
        await Agent.KillAsync();
        await Agent.DisposeAsync();
        StartAgent();
    }

    public async Task RestartBlockServerAfterKillAsync()
    {
        await BlockServer.KillAsync();
        await BlockServer.DisposeAsync();
        StartBlockServer();
    }

    /// <summary>The whole machine loses its processes and comes back.</summary>
    public async Task RestartWholeAsync()
    {
        await Agent.KillAsync();
        await RestartBlockServerAfterKillAsync();
        await Agent.DisposeAsync();
        StartAgent();
    }

    public Task<ToolRun> StatusAsync() => ToolRun.RunAsync(ProductBinaries.Unit, ["status", "--state", State]);

    // Nobody else uses this address, so the ports behind a free one are free as well.
    private static string FreeShares()
    {
        const int Count = 4;
        IPEndPoint first = Loopback.Free(lastByte: 90);
        int port = Math.Min(first.Port, IPEndPoint.MaxPort - Count);
        return string.Create(CultureInfo.InvariantCulture, $"{first.Address}:{port}-{port + Count - 1}");
    }

    public async ValueTask DisposeAsync()
    {
        // Servers of shares outlive an agent that is killed; one that is asked to end takes them with it.
        if (Agent.Running && Directory.Exists(Path.Combine(Store, "shares"))) await Agent.StopAsync();
        await Agent.DisposeAsync();
        await BlockServer.DisposeAsync();
    }
}
