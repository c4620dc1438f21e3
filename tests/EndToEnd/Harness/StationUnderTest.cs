using System.Net;
using System.Text.Json;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>The control station as a process, with its first administrator.</summary>
internal sealed class StationUnderTest : IAsyncDisposable
{
    /// <summary>The first administrator.</summary>
    public const string UserName = "admin";

    private readonly TestDirectory _directory;
    private readonly IPEndPoint _listen = Loopback.Free();
    private readonly IPEndPoint _link = Loopback.Free();

    private StationUnderTest(TestDirectory directory, string state, string password, string caFingerprint) =>
        (_directory, Password, CaFingerprint, State) = (directory, password, caFingerprint, directory.File(state));

    public ProcessUnderTest Process { get; private set; } = null!;

    public string State { get; }

    public string Password { get; }

    public string CaFingerprint { get; }

    public Uri Address => new($"https://{_listen}");

    public string CaFile => Path.Combine(State, "ca.crt");

    public static async Task<StationUnderTest> StartAsync(TestDirectory directory, string state = "station.state")
    {
        ToolRun init = await ToolRun.RunAsync(
            ProductBinaries.Station, ["init", "--state", directory.File(state), "--name", "test-pool", "--address", "127.0.0.1"]);
        using JsonDocument first = JsonDocument.Parse(init.Succeeded().Output);
        StationUnderTest station = new(
            directory, state, first.RootElement.GetProperty("password").GetString()!, first.RootElement.GetProperty("caFingerprint").GetString()!);
        await station.StartAgainAsync();
        return station;
    }

    public async Task StartAgainAsync()
    {
        if (Process is not null) await Process.DisposeAsync();
        Process = ProcessUnderTest.Start(
            ProductBinaries.Station, ["run", "--state", State, "--listen", _listen.ToString(), "--link", _link.ToString()], _directory.File("station.log"));
        using PoolApi anonymous = new(Address, CaFile);
        await Eventually.TrueAsync("the station is ready", async () =>
        {
            if (!Process.Running) throw new InvalidOperationException($"It ended:\n{Process.Output}");
            return (await anonymous.SendAsync(HttpMethod.Get, "/readyz")).Status == HttpStatusCode.OK;
        });
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
