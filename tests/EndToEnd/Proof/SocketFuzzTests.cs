using VSan.Tests.Fuzz;
using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Sockets;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Proof;

/// <summary>The fuzzer over TCP, briefly: the block server survives it, and the fuzzer sees one that does not. Long runs are ./dev fuzz --target sockets.</summary>
public sealed class SocketFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Scripts_OnTheProduct_FindNothing()
    {
        FuzzReport report = await RunAsync(new FuzzOptions { Scripts = 400 });
        Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings.Select(one => one.What)));
    }

    [Fact]
    public async Task Scripts_OnABrokenProduct_FindIt()
    {
        FuzzReport report = await RunAsync(new FuzzOptions { Scripts = 20_000, Break = true });
        Assert.NotEmpty(report.Findings);
    }

    private async Task<FuzzReport> RunAsync(FuzzOptions options)
    {
        await using StringWriter log = new();
        FuzzReport report = await new SocketFuzzer(options with { Target = FuzzTarget.Sockets, Seed = 1, Time = TimeSpan.MaxValue }, log).RunAsync();
        output.WriteLine(log.ToString());
        output.WriteLine(report.Line);
        return report;
    }
}
