using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>A real control station on the lab's network, and an administrator with the command line.</summary>
internal sealed class LabStation : IAsyncDisposable
{
    private const int Port = 8443;
    private const int LinkPort = 8444;

    // Every machine of the lab is emulated on the same processors.
    private static readonly TimeSpan CommandPatience = TimeSpan.FromMinutes(3);

    // What vsan ends with when the station does not answer.
    private const int Unavailable = 6;

    private readonly LabNetwork _network;
    private readonly TestDirectory _directory;
    private readonly ProcessUnderTest _process;

    private LabStation(LabNetwork network, TestDirectory directory, ProcessUnderTest process, string caFingerprint) =>
        (_network, _directory, _process, CaFingerprint) = (network, directory, process, caFingerprint);

    public static string Address { get; } = $"https://{LabNetwork.ServerAddress}:{Port}";

    public string CaFingerprint { get; }

    /// <summary>What units prove themselves with.</summary>
    public string Token { get; private set; } = string.Empty;

    public static async Task<LabStation> StartAsync(LabNetwork network, TestDirectory directory)
    {
        string state = directory.File("station.state");
        ToolRun init = await ToolRun.RunAsync(ProductBinaries.Station, ["init", "--state", state, "--name", "lab", "--address", LabNetwork.ServerAddress]);
        using JsonDocument first = JsonDocument.Parse(init.Succeeded().Output);
        string password = directory.SecretFile("admin.password", first.RootElement.GetProperty("password").GetString()!);
        ProcessUnderTest process = network.Start(
            ProductBinaries.Station,
            ["run", "--state", state, "--listen", $"{LabNetwork.ServerAddress}:{Port}", "--link", $"{LabNetwork.ServerAddress}:{LinkPort}", "--image-signers", ApplianceImage.Find("image-signers.pem")],
            directory.File("station.log"));
        LabStation station = new(network, directory, process, first.RootElement.GetProperty("caFingerprint").GetString()!);
        try
        {
            await process.LineAsync("vsan-station: ready");
            (await station.CliAsync("login", "--server", Address, "--ca-file", Path.Combine(state, "ca.crt"), "--password-file", password)).Succeeded();
            station.Token = (await station.CliAsync("token", "create", "--uses", "100", "-o", "name")).Succeeded().Output.Trim();
        }
        catch
        {
            await station.DisposeAsync();
            throw;
        }

        return station;
    }

    /// <summary>The units that the pool knows; none while the station is too busy to answer.</summary>
    public async Task<IReadOnlyList<Unit>> UnitsAsync()
    {
        ToolRun run = await CliAsync("unit", "list", "-o", "json");
        if (run.ExitCode == Unavailable) return [];
        return ((UnitPage)JsonSerializer.Deserialize(run.Succeeded().Output, ApiJson.Default.GetTypeInfo(typeof(UnitPage))!)!).Items;
    }

    /// <summary>The command line as an administrator runs it.</summary>
    public Task<ToolRun> CliAsync(params string[] arguments) => CliAsync(CommandPatience, arguments);

    /// <summary>The same for a command that may take its time.</summary>
    public Task<ToolRun> CliAsync(TimeSpan within, params string[] arguments) =>
        _network.RunAsync(ProductBinaries.Cli, arguments, new Dictionary<string, string> { ["VSAN_CONFIG"] = _directory.File("cli.json") }, within);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
