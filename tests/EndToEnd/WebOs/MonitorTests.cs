using System.Text.RegularExpressions;
using Microsoft.Playwright;
using VSan.Contracts.Api;
using VSan.IscsiInitiator;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>Monitor over a real pool: what a host does is seen.</summary>
[Collection(WebOsCollection.Name)]
public sealed partial class MonitorTests(Chromium chromium)
{
    [Fact]
    public async Task Host_ThatReads_IsSeenInThePoolAndOfItsVolume()
    {
        HostAccess access = await chromium.Pool.CreateVolumeAsync("watched", await chromium.Pool.AddHostAsync("watcher"));
        await using WebPerson person = await chromium.SignInAsync();
        ILocator window = await person.OpenAsync("Monitor");
        using CancellationTokenSource done = new();
        Task reading = ReadAsync(access, done.Token);
        await Expect(window.Locator("#iops")).ToHaveTextAsync(Moving(), new() { Timeout = 60_000 });
        await window.GetByRole(AriaRole.Link, new() { Name = "watched", Exact = true }).ClickAsync();
        await Expect(window.Locator(".title")).ToHaveTextAsync("Monitor of watched");
        await Expect(window.Locator("#iops")).ToHaveTextAsync(Moving(), new() { Timeout = 60_000 });
        await Expect(window.Locator("#latency b").First).Not.ToHaveTextAsync("–");
        await done.CancelAsync();
        await reading;

        ActivityHistory history = await chromium.Pool.Api.GetAsync<ActivityHistory>($"metrics/history?subject=volume/{(await chromium.Pool.FindVolumeAsync("watched")).Id}");
        Assert.Contains(history.Points, point => point is { ReadsPerSecond: > 0, ReadBytesPerSecond: > 0, LatencyP99Seconds: > 0 });
        person.AssertQuiet();
    }

    [Fact]
    public async Task NoScripts_TheRangesAreLinks()
    {
        await using WebPerson person = await chromium.SignInAsync(scripts: false);
        await person.Page.GotoAsync("/app/monitor");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "1 hour", Exact = true }).ClickAsync();
        await Expect(person.Page).ToHaveURLAsync(new Regex("range=1h$"));
    }

    private static async Task ReadAsync(HostAccess access, CancellationToken until)
    {
        await using IscsiSession session = await IscsiSession.LoginAsync(access, cancellation: CancellationToken.None);
        while (!until.IsCancellationRequested) Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.Read(0, 8), 4096)).Status);
    }

    [GeneratedRegex(@"Reads\s+[1-9][0-9,.]*/s")]
    private static partial Regex Moving();
}
