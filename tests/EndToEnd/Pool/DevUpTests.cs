using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>The command that a newcomer types first, with a state and ports of its own, and the executables that are there already.</summary>
public sealed class DevUpTests
{
    private const string LastLine = "pool up: 3 units, volume written and read back";

    [Fact]
    public async Task DevUp_OnAFreshStateAndAgainOnTheSame_EndsWithAPoolThatKeepsItsBytes()
    {
        using DevPool pool = new();
        ToolRun first = await pool.UpAsync();
        Assert.Equal(LastLine, LastLineOf(first));
        Assert.Contains("make a token for 3 units", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("what the last run wrote", first.Output, StringComparison.Ordinal);

        ToolRun second = await pool.UpAsync();
        Assert.Equal(LastLine, LastLineOf(second));
        Assert.Contains("MiB unchanged", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("make a token", second.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(pool.State, "run"), "*.pid"));
    }

    [Fact]
    public async Task DevUp_WhereThePoolLostItsBytes_FailsAndSaysSo()
    {
        using DevPool pool = new();
        Assert.Equal(LastLine, LastLineOf(await pool.UpAsync()));
        byte[] pattern = await File.ReadAllBytesAsync(Path.Combine(pool.State, "pattern"));
        pattern[4096] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(pool.State, "pattern"), pattern);

        ToolRun second = await pool.RunAsync("up", "--once");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("holds other bytes than were written", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(LastLine, second.Output, StringComparison.Ordinal);
    }

    private static string LastLineOf(ToolRun run) => run.Output.TrimEnd().Split('\n')[^1];

    /// <summary>A state directory and ports for one pool. Its path is short, since the pool's sockets lie in it.</summary>
    private sealed class DevPool : IDisposable
    {
        private readonly Dictionary<string, string> _environment;

        public DevPool()
        {
            State = Directory.CreateTempSubdirectory("vsan-dev-").FullName;
            _environment = new Dictionary<string, string>
            {
                ["VSAN_DEV_STATE"] = State,
                ["VSAN_DEV_PORT"] = FreePair().ToString(CultureInfo.InvariantCulture),
                ["VSAN_DEV_ISCSI_PORT"] = Loopback.Free().Port.ToString(CultureInfo.InvariantCulture),
            };
        }

        public string State { get; }

        public async Task<ToolRun> UpAsync()
        {
            ToolRun run = (await RunAsync("up", "--once")).Succeeded();
            Assert.Contains("executables are up to date", run.Output, StringComparison.Ordinal);
            return run;
        }

        public Task<ToolRun> RunAsync(params string[] arguments) =>
            ToolRun.RunAsync(Path.Combine(RepositoryRoot.Path, "dev"), arguments, _environment, within: TimeSpan.FromMinutes(5));

        public void Dispose() => Directory.Delete(State, recursive: true);

        // The link to the units is one above the station's port.
        private static int FreePair()
        {
            while (true)
            {
                using TcpListener station = new(IPAddress.Loopback, 0);
                station.Start();
                int port = ((IPEndPoint)station.LocalEndpoint).Port;
                if (port < IPEndPoint.MaxPort && IsFree(port + 1)) return port;
            }
        }

        private static bool IsFree(int port)
        {
            try
            {
                using TcpListener link = new(IPAddress.Loopback, port);
                link.Start();
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
