using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Guest;

/// <summary>
/// A network namespace with a tap device for each of two links, one of IPv4 and one of IPv6; nothing in it reaches anything else. The guest's kernel
/// talks TCP with the kernel that the server is on, so that a link that falls silent is silent for both.
/// </summary>
internal sealed class GuestNetwork : IAsyncDisposable
{
    private GuestNetwork(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<GuestLink> Links { get; } =
    [
        new("tap1", "eth0", "10.77.1.1", "10.77.1.2", 24, PortalGroup: 1),
        new("tap2", "eth1", "fd77:2::1", "fd77:2::2", 64, PortalGroup: 2),
    ];

    /// <summary>What runs a command in it: <c>ip netns exec</c>, which becomes that command and keeps its process id.</summary>
    public IReadOnlyList<string> Enter => ["ip", "netns", "exec", Name];

    public static async Task<GuestNetwork> MakeAsync()
    {
        GuestNetwork network = new($"vsan-guest-{Environment.ProcessId}");
        await IpAsync("netns", "add", network.Name);
        try
        {
            foreach (GuestLink link in network.Links)
            {
                await network.InsideAsync("tuntap", "add", "dev", link.Tap, "mode", "tap");
                await network.RaiseAsync(link);
            }
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }

        return network;
    }

    /// <summary>From now on the link loses everything, and neither end is told.</summary>
    public Task CutAsync(GuestLink link) => InsideAsync("link", "set", link.Tap, "down");

    /// <summary>The link works; its address is set again, as IPv6 forgets it while a link is down.</summary>
    public async Task RaiseAsync(GuestLink link)
    {
        await InsideAsync("link", "set", link.Tap, "up");
        string[] detect = link.HostAddress.Contains(':', StringComparison.Ordinal) ? ["nodad"] : [];
        await InsideAsync(["addr", "replace", $"{link.HostAddress}/{link.PrefixLength}", "dev", link.Tap, .. detect]);
    }

    public async ValueTask DisposeAsync() => await IpAsync("netns", "delete", Name);

    private Task InsideAsync(params string[] arguments) => IpAsync(["-n", Name, .. arguments]);

    private static async Task IpAsync(params string[] arguments) => (await ToolRun.RunAsync("ip", arguments)).Succeeded();
}
