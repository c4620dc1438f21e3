using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>The command line as a person or a script runs it, with its own saved context.</summary>
internal sealed class VsanCli(TestDirectory directory)
{
    public async Task LogInAsync(StationUnderTest station)
    {
        string password = directory.SecretFile("admin.password", station.Password);
        string server = station.Address.GetLeftPart(UriPartial.Authority);
        (await RunAsync("login", "--server", server, "--ca-file", station.CaFile, "--password-file", password)).Succeeded();
    }

    public Task<ToolRun> RunAsync(params string[] arguments)
    {
        Dictionary<string, string> environment = new() { ["VSAN_CONFIG"] = directory.File("cli.json") };
        return ToolRun.RunAsync(ProductBinaries.Cli, arguments, environment);
    }

    /// <summary>Runs with <c>-o json</c> and reads what it printed.</summary>
    public async Task<T> JsonAsync<T>(params string[] arguments)
    {
        ToolRun run = (await RunAsync([.. arguments, "-o", "json"])).Succeeded();
        return (T)JsonSerializer.Deserialize(run.Output, ApiJson.Default.GetTypeInfo(typeof(T))!)!;
    }
}
