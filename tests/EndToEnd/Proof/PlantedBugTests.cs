using System.Diagnostics;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Proof;

/// <summary>The simulator sees each planted bug of a product that can be broken (docs/adr/0053).</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Simulator_OnABrokenProduct_FindsEachPlantedBug()
    {
        ProcessStartInfo start = new(ProductBinaries.BrokenSimulator, ["--planted"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        output.WriteLine(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
