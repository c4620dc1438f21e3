using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>What a person sees while the station is gone. It has a pool of its own, as it kills the station.</summary>
public sealed class StationLossTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Station_KilledAndBack_BannerAndLiveAgain()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Units");
        ILocator banner = person.Page.Locator("#banner");
        await Expect(banner).ToBeHiddenAsync();
        await chromium.Pool.Station.Process.KillAsync();
        await Expect(banner).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Expect(window).ToContainTextAsync("unit-1");
        await chromium.Pool.Station.StartAgainAsync();
        await Expect(banner).ToBeHiddenAsync(new() { Timeout = 30_000 });
        await chromium.Pool.AllReadyAsync();
        await chromium.Pool.CreateVolumeAsync("after-return", await chromium.Pool.AddHostAsync("returned"));
        await Expect(await person.OpenAsync("Volumes")).ToContainTextAsync("after-return", new() { Timeout = 15_000 });
    }
}
