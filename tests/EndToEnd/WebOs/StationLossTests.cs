using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>What a person sees while the station, or a unit, is gone. It has a pool of its own, as it kills the station and a unit.</summary>
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

    [Fact]
    public async Task Unit_Pulled_EverythingSaysSoInTheSameWords()
    {
        await using WebPerson person = await chromium.SignInAsync();
        ILocator[] windows = [await person.OpenAsync("Overview"), await person.OpenAsync("Units"), await person.OpenAsync("Topology")];
        await chromium.Pool.Units[1].Agent.KillAsync();
        string name = chromium.Pool.Units[1].Name;
        foreach (ILocator window in windows) await Expect(window).ToContainTextAsync("Unreachable", new() { Timeout = 40_000 });
        string sentence = (await chromium.Pool.Api.GetAsync<VSan.Contracts.Api.Pool>("pool")).Sentence;
        Assert.Contains(name, sentence, StringComparison.Ordinal);
        foreach (ILocator place in (ILocator[])[windows[0], person.Page.Locator("#glance"), person.Page.Locator("#tray")]) await Expect(place).ToContainTextAsync(sentence);
        await chromium.Pool.Units[1].RestartAgentAfterKillAsync();
        foreach (ILocator window in windows) await Expect(window).Not.ToContainTextAsync("Unreachable", new() { Timeout = 40_000 });
        await chromium.Pool.AllReadyAsync();
    }
}
