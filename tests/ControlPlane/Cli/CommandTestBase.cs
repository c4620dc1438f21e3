using VSan.Cli;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary>Runs whole command lines against a station of the test's own, with real TLS and a real configuration file.</summary>
public abstract class CommandTestBase : IAsyncDisposable
{
    private const string Session = """{"userName":"admin","bearerToken":"secret-token","expiresAt":"2030-01-01T00:00:00Z"}""";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-cli-");

    internal LoopbackStation Station { get; } = new();

    internal StringWriter Output { get; } = new();

    internal StringWriter Error { get; } = new();

    internal Dictionary<string, string> Variables { get; } = new() { ["VSAN_PASSWORD"] = "pw" };

    internal string ConfigurationPath => PathOf("config/config.json");

    public async ValueTask DisposeAsync()
    {
        await Station.DisposeAsync();
        _directory.Delete(recursive: true);
        await Output.DisposeAsync();
        await Error.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal string PathOf(string name) => Path.Combine(_directory.FullName, name);

    internal async Task<int> LogInAsync(string? caPem = null, int status = 201, string answer = Session, string context = SavedContexts.DefaultName)
    {
        string ca = PathOf("ca.crt");
        await File.WriteAllTextAsync(ca, caPem ?? Station.Ca.ExportCertificatePem());
        Station.Answer("POST /api/v1/sessions", status, answer);
        return await RunAsync("login", "--server", Station.Address.ToString(), "--ca-file", ca, "-o", "name", "--context", context);
    }

    internal Task<int> RunAsync(params string[] arguments)
    {
        var environment = new CommandEnvironment(
            TextReader.Null, Output, Error, CanAsk: false, ShowsProgress: false, () => string.Empty,
            name => name == "VSAN_CONFIG" ? ConfigurationPath : Variables.GetValueOrDefault(name));
        return CommandTree.RunAsync(arguments, environment);
    }
}
