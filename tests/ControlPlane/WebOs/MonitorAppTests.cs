using System.Net;
using System.Xml.Linq;
using VSan.Contracts;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>Monitor as a browser without scripts has it.</summary>
public sealed class MonitorAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    [Fact]
    public async Task Pool_IsDrawnAndLeadsToUnitsAndVolumes()
    {
        Guid unit = await console.Pool.JoinAsync("measured");
        Volume volume = await console.Pool.VolumeAsync("measured", unit);
        long reads = 0;
        ConsolePage page = null!;
        await StationTests.UntilAsync(async () =>
        {
            Report(unit, volume.Legs[0].Id, reads += 10);
            page = await console.OpenAsync("/app/monitor");
            return page.Ways.Contains($"/app/monitor?subject=volume%2F{volume.Id}&range=5m");
        });
        Assert.Equal(["capacity", "iops", "latency", "throughput"], page.Markup.Descendants("figure").Select(figure => (string)figure.Attribute("id")!).Order());
        Assert.All(page.Markup.Descendants("figure"), figure => Assert.NotEmpty((string)figure.Element("svg")!.Attribute("aria-label")!));
        Assert.Contains(page.Markup.Descendants("path"), path => (string?)path.Attribute("class") == "line" && ((string)path.Attribute("d")!).StartsWith('M'));
        Assert.Contains($"/app/monitor?subject=unit%2F{unit}&range=5m", page.Ways);

        ConsolePage one = await console.OpenAsync($"/app/monitor?subject=volume%2F{volume.Id}&range=5m");
        Assert.Contains($"/app/volumes/{volume.Id}", one.Ways);
        XElement numbers = one.Markup.Descendants("details").Single(details => (string?)details.Attribute("id") == "numbers");
        Assert.InRange(numbers.Descendants("tr").Count(), 2, 61);
    }

    [Fact]
    public async Task Subject_ThatIsNotThere_IsSaidSo() => Assert.Equal(HttpStatusCode.NotFound, (await console.OpenAsync($"/app/monitor?subject=volume/{Guid.NewGuid()}")).Status);

    [Fact]
    public async Task Day_WithoutAFinishedStep_ExplainsItself()
    {
        ConsolePage page = await console.OpenAsync("/app/monitor?range=24h", Role.Viewer);
        Assert.Contains("Nothing is known of this time", page.Text, StringComparison.Ordinal);
        Assert.Equal("/app/monitor?subject=pool&range=24h", (string?)page.Markup.Descendants("a").Single(link => link.Attribute("aria-current") is not null && ((string)link.Attribute("href")!).Contains("range", StringComparison.Ordinal)).Attribute("href"));
    }

    private void Report(Guid unit, Guid leg, long reads) => console.Services.Presence.OnReport(new UnitReport(unit, unit, 1, new ConfigurationStatus(1, 1, []), true, 1, [])
    {
        Activity = [new LegActivity(leg, reads, 0, reads * 4096, 0, new LatencyCounts(30, [reads]))],
    });
}
