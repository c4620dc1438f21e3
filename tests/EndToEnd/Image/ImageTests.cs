using VSan.Contracts.Api;
using VSan.Tests.Lab;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Image;

/// <summary>The appliance's image itself, in QEMU: switched on, with nothing typed at it.</summary>
public sealed class ImageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task PowerCut_OfABootedUnit_BringsTheSameUnitBack()
    {
        await using BootLab lab = await BootLab.MakeAsync(TestDirectory.For(this), Firmware.Uefi);
        (Unit first, TimeSpan joined) = await lab.BootAsync();
        output.WriteLine($"unit ready in {joined.TotalSeconds:0.0} s");
        Assert.StartsWith("10.77.0.", Assert.Single(first.Portals), StringComparison.Ordinal);
        Assert.NotEmpty(first.Stores);

        await lab.CutPowerAsync();
        (Unit again, TimeSpan back) = await lab.BootAsync();

        output.WriteLine($"unit ready again in {back.TotalSeconds:0.0} s");
        Assert.Equal((first.Id, first.Name), (again.Id, again.Name));
        Assert.Equal(first.Stores.Select(store => store.Id), again.Stores.Select(store => store.Id));
    }
}
