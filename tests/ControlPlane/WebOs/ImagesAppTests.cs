using VSan.Contracts.Api;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

public sealed class ImagesAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private const string Path = "/app/images";

    [Fact]
    public async Task Image_IsShown_StartsAUnit_AndIsRemovedWithItsFile()
    {
        Assert.Contains("vsan image add", (await console.OpenAsync(Path)).Text, StringComparison.Ordinal);
        string digest = new('d', 64);
        Image image = await console.Services.Images.AddAsync(SimulatedPool.Admin, "0.2.0", digest, 1 << 20, WebConsole.HostileName, default);
        ConsolePage page = await console.OpenAsync(Path);
        Assert.Contains(WebConsole.HostileName, page.Text, StringComparison.Ordinal);
        UnitPage units = await console.Services.Units.ListAsync(SimulatedPool.Admin, new(), default);
        ConsolePage tasks = await page.FollowAsync($"{Path}/update", ("unit", units.Items[0].Id.ToString()), ("version", "0.2.0"));
        Assert.Contains("0.2.0", tasks.Text, StringComparison.Ordinal);
        await StationTests.UntilAsync(async () => (await console.Services.Operations.ListAsync(SimulatedPool.Admin, new(), default)).Items.All(operation => operation.EndedAt is not null));

        string delete = $"{Path}/{image.Id}/delete";
        Assert.Empty((await console.OpenAsync(Path, Role.Viewer)).Changes);
        await (await console.OpenAsync(delete)).FollowAsync(delete);
        Assert.Equal([digest], console.DroppedImages);
    }
}
