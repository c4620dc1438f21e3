using VSan.Client;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary>The command line as the console of the web OS runs it: told by variables whom to ask, and kept from the files of its machine.</summary>
public sealed class ConsoleCommandTests : CommandTestBase
{
    private const string NoVolumes = """{"items":[],"nextCursor":null}""";

    [Fact]
    public async Task Variables_StandForAContext()
    {
        await UseVariablesAsync();
        Station.Answer("GET /api/v1/service-kinds", 200, NoVolumes);
        Assert.Equal(0, await RunAsync("service-kind", "list"));
        Assert.Contains("Bearer of-a-session", Assert.Single(Station.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_WithoutItsCa_IsRefused()
    {
        Variables["VSAN_SERVER"] = Station.Address.ToString();
        Assert.Equal((int)ExitCode.Usage, await RunAsync("service-kind", "list"));
        Assert.Contains("VSAN_CA_FILE", Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit", "verify", "--file", "/etc/passwd")]
    [InlineData("share", "bind", "s", "--user", "u", "--certificate-file", "/tmp/f")]
    [InlineData("station", "import-from-units", "--former-ca", "/etc/passwd")]
    [InlineData("host", "join", "--dir", "/tmp/d")]
    [InlineData("image", "flash", "--image", "/etc/passwd", "--to", "/tmp/f")]
    [InlineData("login", "--server", "https://127.0.0.1:1", "--ca-file", "/etc/passwd")]
    [InlineData("volume", "list", "--watch")]
    [InlineData("volume", "list", "--context", "other")]
    [InlineData("volume", "list", "--certificate", "/etc")]
    [InlineData("context", "list")]
    public async Task Console_IsWithoutWhatNeedsThePersonsMachine(params string[] arguments)
    {
        await UseVariablesAsync();
        Variables["VSAN_CONSOLE"] = "1";
        Assert.Equal((int)ExitCode.Usage, await RunAsync(arguments));
        Assert.Empty(Station.Requests);
    }

    [Fact]
    public async Task Console_HasTheRest()
    {
        await UseVariablesAsync();
        Variables["VSAN_CONSOLE"] = "1";
        Station.Answer("GET /api/v1/service-kinds", 200, NoVolumes);
        Assert.Equal(0, await RunAsync("service-kind", "list"));
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains("left out", Output.ToString(), StringComparison.Ordinal);
    }

    private async Task UseVariablesAsync()
    {
        string ca = PathOf("ca.crt");
        await File.WriteAllTextAsync(ca, Station.Ca.ExportCertificatePem());
        (Variables["VSAN_SERVER"], Variables["VSAN_CA_FILE"], Variables["VSAN_TOKEN"]) = (Station.Address.ToString(), ca, "of-a-session");
    }
}
