using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>
/// A network namespace with a bridge: the station is on it, and each machine by a tap device. Nothing in it reaches anything else.
/// </summary>
internal sealed class LabNetwork : IAsyncDisposable
{
    /// <summary>The station's address, and that of every other server of the lab.</summary>
    public const string ServerAddress = "10.77.0.1";

    private const string Bridge = "br0";

    private int _taps;

    private LabNetwork(string name) => Name = name;

    public string Name { get; }

    public static async Task<LabNetwork> MakeAsync()
    {
        LabNetwork network = new($"vsan-lab-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..4]}");
        await IpAsync("netns", "add", network.Name);
        try
        {
            await network.InsideAsync("link", "set", "lo", "up");
            await network.InsideAsync("link", "add", Bridge, "type", "bridge", "forward_delay", "0");
            await network.InsideAsync("addr", "add", $"{ServerAddress}/24", "dev", Bridge);
            await network.InsideAsync("link", "set", Bridge, "up");
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }

        return network;
    }

    /// <summary>Another place on the bridge; returns the name of its tap device.</summary>
    public async Task<string> AddTapAsync()
    {
        string tap = $"tap{_taps++}";
        await InsideAsync("tuntap", "add", "dev", tap, "mode", "tap");
        await InsideAsync("link", "set", tap, "master", Bridge, "up");
        return tap;
    }

    /// <summary>Starts a process on this network; <c>ip netns exec</c> becomes that process and keeps its id.</summary>
    public ProcessUnderTest Start(string executable, IEnumerable<string> arguments, string logPath) =>
        ProcessUnderTest.Start("ip", ["netns", "exec", Name, executable, .. arguments], logPath);

    /// <summary>Runs a command on this network to its end.</summary>
    public Task<ToolRun> RunAsync(string executable, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? within = null) =>
        ToolRun.RunAsync("ip", ["netns", "exec", Name, executable, .. arguments], environment, within);

    public async ValueTask DisposeAsync() => await IpAsync("netns", "delete", Name);

    private Task InsideAsync(params string[] arguments) => IpAsync(["-n", Name, .. arguments]);

    private static async Task IpAsync(params string[] arguments) => (await ToolRun.RunAsync("ip", arguments)).Succeeded();
}
