using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>The list of volumes of a large pool. It has a pool of its own, whose memory it fills while the station is away.</summary>
public sealed class ManyVolumesTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Volumes = 10_000;
    private const int RowsMax = 50;

    [Fact]
    public async Task List_OfTenThousand_IsPagedFoundAndOrdered()
    {
        await ManyVolumes.FillAsync(chromium.Pool, Volumes);
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Volumes");
        ILocator rows = window.Locator("tbody tr");
        await Expect(window.Locator(".toolbar strong")).ToHaveTextAsync("10,001 volumes");
        await Expect(rows).ToHaveCountAsync(RowsMax);
        Assert.InRange(await person.Page.EvaluateAsync<int>("document.querySelectorAll('*').length"), 1, 3000);

        ILocator all = window.GetByLabel("Select all 10,001 volumes");
        await all.CheckAsync();
        await Expect(window.Locator("output")).ToHaveTextAsync("10,001 selected");
        await rows.First.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await Expect(window.Locator("output")).ToHaveTextAsync($"{RowsMax - 1} selected");
        await Expect(all).Not.ToBeCheckedAsync();

        await window.GetByRole(AriaRole.Link, new() { Name = "Last page" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("the-seed");
        await window.GetByRole(AriaRole.Link, new() { Name = "Page before" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(RowsMax);
        await Expect(rows.Last).ToContainTextAsync("many-09999");

        await window.GetByLabel("Order").SelectOptionAsync("largest");
        await window.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Expect(rows.First).ToContainTextAsync("many-09999");
        await window.GetByRole(AriaRole.Search).GetByLabel("Name").FillAsync("Y-07123");
        await window.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("many-07123");
        person.AssertQuiet();
    }
}
