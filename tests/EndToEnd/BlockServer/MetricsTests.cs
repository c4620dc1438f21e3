using System.Net.Sockets;
using System.Text;
using VSan.Contracts.BlockServer;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>The counters of a real server, as Prometheus' own tool and a service manager see them.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Page_OfAServerInUse_IsTakenByPromtool_OverTheVerbAndOverHttpAlike()
    {
        using TestDirectory directory = TestDirectory.For(this);
        string socket = directory.Socket("metrics");
        await using ProcessUnderTest server = Start(directory, ["--metrics", $"unix:{socket}"]);
        await server.LineAsync("event=ready");
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolumes(2);
        await ApplyAsync(directory, setup);
        await QemuIo.WriteAndReadBackAsync(directory, setup.Access(), 0x5A);

        string page = (await ToolRun.RunAsync(ProductBinaries.BlockServer, ["metrics", "--control", directory.Socket("control")])).Succeeded().Output;
        Assert.Contains($"vsan_volume_command_duration_seconds_bucket{{volume=\"{setup.Volumes[0].Id}\",operation=\"write\",le=\"+Inf\"}}", page, StringComparison.Ordinal);
        Assert.Contains($"vsan_initiator_sessions{{initiator=\"{BlockServerSetup.Initiator}\"}} 0", page, StringComparison.Ordinal);
        Assert.DoesNotContain("vsan_logins_total{ring=\"0\"} 0\n", page, StringComparison.Ordinal);
        string overHttp = await GetAsync(socket);
        Assert.Equal(Families(page), Families(overHttp));

        await File.WriteAllTextAsync(directory.File("page"), page);
        ToolRun checkedPage = await Promtool.CheckAsync(directory.File("page"));
        Assert.True(checkedPage.ExitCode == 0, checkedPage.ToString());
        await File.WriteAllTextAsync(directory.File("broken"), page.Replace("# TYPE vsan_logins_total counter", "# TYPE vsan_logins_total clock", StringComparison.Ordinal));
        Assert.NotEqual(0, (await Promtool.CheckAsync(directory.File("broken"))).ExitCode);
    }

    [Fact]
    public async Task HttpListener_UnlessAskedFor_IsNotThere()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using ProcessUnderTest server = Start(directory, []);
        Assert.Contains("metrics=\"off\"", await server.LineAsync("event=ready"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceManager_FromStartToStop_HearsReadyWatchdogAndStopping()
    {
        using TestDirectory directory = TestDirectory.For(this);
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        manager.Bind(new UnixDomainSocketEndPoint(directory.Socket("notify")));
        await using ProcessUnderTest server = Start(directory, [], $"NOTIFY_SOCKET={directory.Socket("notify")}", "WATCHDOG_USEC=100000");
        Assert.Equal("READY=1", Heard(manager));
        Assert.Equal("WATCHDOG=1", Heard(manager));
        Assert.Equal("WATCHDOG=1", Heard(manager));
        Task<int> stopping = server.StopAsync(TimeSpan.FromSeconds(5));
        string heard;
        do heard = Heard(manager);
        while (heard == "WATCHDOG=1");
        Assert.Equal("STOPPING=1", heard);
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task ProtocolError_OfAPeer_IsALogLineWithItsClause_AndACounter()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using ProcessUnderTest server = Start(directory, []);
        await server.LineAsync("event=ready");
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await ApplyAsync(directory, setup);
        for (int i = 0; i < 50; i++)
        {
            using Socket peer = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };
            await peer.ConnectAsync(setup.Portal);
            await peer.SendAsync(new byte[48]);
            Assert.Equal(0, await peer.ReceiveAsync(new byte[1]));
        }

        string line = await server.LineAsync("event=connection-dropped");
        Assert.Contains("reason=\"NotALogin\" clause=\"RFC 7143, 6.3\" peer=\"127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Equal(1, server.Output.Split("event=connection-dropped").Length - 1);
        string page = (await ToolRun.RunAsync(ProductBinaries.BlockServer, ["metrics", "--control", directory.Socket("control")])).Succeeded().Output;
        Assert.Contains("vsan_connection_drops_total{ring=\"0\",reason=\"NotALogin\"} 50", page, StringComparison.Ordinal);
    }

    private static ProcessUnderTest Start(TestDirectory directory, string[] options, params string[] environment)
        => ProcessUnderTest.Start(
            "env",
            [.. environment, ProductBinaries.BlockServer, "run", "--state", directory.Folder("state"), "--control", directory.Socket("control"), "--rings", "1", .. options],
            directory.File("blockserver.log"));

    private static async Task ApplyAsync(TestDirectory directory, BlockServerSetup setup)
    {
        string file = directory.File("wanted.json");
        await File.WriteAllBytesAsync(file, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(setup.Next(), BlockServerJson.Default.BlockServerConfiguration));
        _ = (await ToolRun.RunAsync(ProductBinaries.BlockServer, ["apply", "--control", directory.Socket("control"), file])).Succeeded();
    }

    private static string Heard(Socket manager)
    {
        byte[] bytes = new byte[64];
        return Encoding.ASCII.GetString(bytes, 0, manager.Receive(bytes));
    }

    private static async Task<string> GetAsync(string socket)
    {
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(socket));
        await client.SendAsync("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        using StreamReader reader = new(new NetworkStream(client));
        string answer = await reader.ReadToEndAsync().WaitAsync(Eventually.Patience);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    private static string[] Families(string page) => [.. page.Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal))];
}
