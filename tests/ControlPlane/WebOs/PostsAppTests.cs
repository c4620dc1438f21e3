using System.Net;
using VSan.Contracts.Api;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>Posts as a browser without scripts has them.</summary>
public sealed class PostsAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private const string Path = "/app/posts";

    [Fact]
    public async Task Task_AboutAUnit_GoesToARole_IsDone_AndIsTakenAway()
    {
        Guid unit = await console.Pool.JoinAsync("posted");
        ConsolePage page = await console.OpenAsync($"/app/units/{unit}");
        string about = page.Ways.Single(way => way.StartsWith($"{Path}?about=", StringComparison.Ordinal));
        page = await console.OpenAsync(about);
        page = await page.FollowAsync(Path, ("to", "role:viewer"), ("kind", "task"), ("text", WebConsole.HostileName));
        Assert.Contains(WebConsole.HostileName, page.Text, StringComparison.Ordinal);
        Assert.Contains($"/app/units/{unit}", page.Ways);

        ConsolePage viewers = await console.OpenAsync(Path, Role.Viewer);
        Assert.DoesNotContain(viewers.Changes, change => change.EndsWith("/delete", StringComparison.Ordinal));
        Assert.Contains("task posted to you", (await console.OpenAsync("/desktop/glance", Role.Viewer)).Html, StringComparison.Ordinal);
        string done = viewers.Changes.Single(change => change.EndsWith("/done", StringComparison.Ordinal));
        Assert.Contains("done by Viewer", (await viewers.FollowAsync(done)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("posted to you", (await console.OpenAsync("/desktop/glance", Role.Viewer)).Html, StringComparison.Ordinal);
        page = await console.OpenAsync(Path);
        page = await page.FollowAsync(page.Changes.Single(change => change.EndsWith("/delete", StringComparison.Ordinal)));
        Assert.DoesNotContain("img", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_WhoIsNotThere_ComesBackWithTheReason()
    {
        ConsolePage page = await (await console.OpenAsync(Path)).SubmitAsync(Path, ("to", "user:"), ("user", "zoe"), ("kind", "note"), ("text", "hello"));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("there is no user zoe", page.Text, StringComparison.Ordinal);
    }
}
