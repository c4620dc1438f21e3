using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>dnsmasq on the lab's network: addresses, and what machines are started from over the network.</summary>
internal sealed class LabDhcp : IAsyncDisposable
{
    private readonly ProcessUnderTest _process;

    private LabDhcp(ProcessUnderTest process) => _process = process;

    /// <param name="network">Where it serves.</param>
    /// <param name="directory">Where it keeps its leases.</param>
    /// <param name="more">Options beside those that every network has.</param>
    public static async Task<LabDhcp> StartAsync(LabNetwork network, TestDirectory directory, params string[] more)
    {
        ProcessUnderTest process = network.Start(
            "dnsmasq",
            [
                "--keep-in-foreground", "--conf-file=/dev/null", "--log-facility=-", "--log-dhcp", "--user=root", "--port=0", "--interface=br0", "--bind-interfaces",
                "--no-ping", "--dhcp-authoritative", "--dhcp-range=10.77.0.50,10.77.0.99,255.255.255.0,1h", $"--dhcp-leasefile={directory.File("leases")}",
                .. more,
            ],
            directory.File("dhcp.log"));
        LabDhcp dhcp = new(process);
        try
        {
            await process.LineAsync("DHCP, IP range");
        }
        catch
        {
            await dhcp.DisposeAsync();
            throw;
        }

        return dhcp;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
