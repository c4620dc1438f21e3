using Microsoft.Playwright;
using VSan.Contracts.Api;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>The console in Chromium, over the station that runs the real command line.</summary>
[Collection(WebOsCollection.Name)]
public sealed class CommandConsoleTests(Chromium chromium)
{
    [Fact]
    public async Task Commands_RunWithThePersonsRights_AndAreAudited()
    {
        UserPassword viewer = await chromium.NewUserAsync(Role.Viewer);
        await using WebPerson person = await chromium.SignInAsync(viewer);
        ILocator window = await person.OpenAsync("Console");
        ILocator newest = window.Locator("pre.printed").First;

        await RunAsync(window, "unit list -o name");
        UnitPage units = await chromium.Pool.Api.GetAsync<UnitPage>("units");
        await Expect(newest).ToContainTextAsync(units.Items[0].Name);
        await RunAsync(window, "project create not-mine");
        await Expect(newest).ToContainTextAsync("may not do project.create");
        await RunAsync(window, "unit list --watch");
        await Expect(newest).ToContainTextAsync("--watch");
        await Expect(window.Locator("pre.printed")).ToHaveCountAsync(3);
        AuditPage audit = await chromium.Pool.Api.GetAsync<AuditPage>($"audit?who={viewer.User.Name}&action=project.create");
        Assert.Equal("forbidden", Assert.Single(audit.Items).Outcome);
        person.AssertQuiet();
    }

    private static async Task RunAsync(ILocator window, string line)
    {
        await window.GetByLabel("Command").FillAsync(line);
        await window.GetByLabel("Command").PressAsync("Enter");
        await Expect(window.GetByRole(AriaRole.Heading, new() { Name = line, Exact = true })).ToHaveCountAsync(1);
    }
}
