using System.Text.Json;
using Microsoft.Playwright;
using VSan.Contracts.Api;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>
/// Every app as people meet it: in a window, light and dark, and as a page on a phone. axe finds nothing, and a picture of each is kept where
/// VSAN_SHOTS says.
/// </summary>
[Collection(WebOsCollection.Name)]
public sealed class AppearanceTests(Chromium chromium)
{
    private static readonly string s_axe = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "webos", "node_modules", "axe-core", "axe.min.js"));

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Windows_EveryApp_HaveNoViolation(ColorScheme scheme)
    {
        await FurnishAsync();
        await using WebPerson person = await chromium.SignInAsync();
        await person.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        foreach (string app in await AppsAsync(person))
        {
            ILocator window = await person.OpenAsync(app);
            await Expect(window.Locator("[aria-busy]")).ToHaveCountAsync(0);
            Assert.True(await window.GetByRole(AriaRole.Button).CountAsync() >= 3, $"{app} has three controls");
            await KeepAsync(person, $"{app}-{scheme}");
            Assert.Empty(await ViolationsAsync(person));
            await window.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();
        }

        person.AssertQuiet();
    }

    [Fact]
    public async Task Phone_EveryApp_HasNoViolationAndFits()
    {
        await FurnishAsync();
        await using WebPerson person = await chromium.SignInAsync(width: 390, height: 844);
        await KeepAsync(person, "Desktop-Phone");
        foreach (string path in await PathsAsync(person))
        {
            await person.Page.GotoAsync(path);
            await KeepAsync(person, $"{path.Split('/')[^1]}-Phone");
            Assert.Empty(await ViolationsAsync(person));
            Assert.Equal(390, await person.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    [Fact]
    public async Task Axe_ButtonWithoutName_IsFound()
    {
        await using WebPerson person = await chromium.SignInAsync();
        await person.Page.EvaluateAsync("document.querySelector('#find').replaceChildren()");
        Assert.Contains(await ViolationsAsync(person), violation => violation.StartsWith("button-name", StringComparison.Ordinal));
    }

    private async Task FurnishAsync()
    {
        if ((await chromium.Pool.Api.GetAsync<VolumePage>("volumes?name=furniture")).Items.Count == 0)
            await chromium.Pool.CreateVolumeAsync("furniture", await chromium.Pool.AddHostAsync("tenant"));
    }

    private static async Task<IReadOnlyList<string>> AppsAsync(WebPerson person) => await person.Page.Locator("#icons a span").AllInnerTextsAsync();

    private static Task<string[]> PathsAsync(WebPerson person) => person.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#icons a')].map(link => link.pathname)");

    private static async Task<IReadOnlyList<string>> ViolationsAsync(WebPerson person)
    {
        await person.Page.EvaluateAsync(s_axe);
        JsonElement? found = await person.Page.EvaluateAsync("axe.run().then(result => result.violations.map(each => each.id + ': ' + each.nodes[0].html))");
        return [.. found!.Value.EnumerateArray().Select(each => each.GetString()!)];
    }

    private static async Task KeepAsync(WebPerson person, string name)
    {
        if (Environment.GetEnvironmentVariable("VSAN_SHOTS") is not { } folder) return;
        await person.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name.ToLowerInvariant().Replace(' ', '-')}.png") });
    }
}
