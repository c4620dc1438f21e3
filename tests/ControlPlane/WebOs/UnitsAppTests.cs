using System.Net;
using VSan.Contracts.Api;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

public sealed class UnitsAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private SimulatedPool Pool => console.Pool;

    [Fact]
    public async Task Unit_CordonedDrainedAndUncordoned()
    {
        Guid id = await Pool.JoinAsync("turned");
        ConsolePage page = await (await console.OpenAsync($"/app/units/{id}")).FollowAsync($"/app/units/{id}/cordon");
        Assert.Contains("cordoned: nothing new is placed on it", page.Text, StringComparison.Ordinal);
        page = await page.FollowAsync($"/app/units/{id}/drain");
        Assert.Contains((await UnitAsync(id)).State, (UnitState[])[UnitState.Draining, UnitState.Drained]);
        await page.FollowAsync($"/app/units/{id}/uncordon");
        Assert.Equal((UnitState.Ready, false), ((await UnitAsync(id)).State, (await UnitAsync(id)).Cordoned));
    }

    [Fact]
    public async Task Maintenance_NotSafe_NeedsForceAndSaysWhatWouldBeLost()
    {
        Guid id = await Pool.JoinAsync("worked-on");
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("loser", "iqn.2026-11.test:loser"), null, default);
        await Pool.VolumeAsync("lost", id, host.Id);
        string path = $"/app/units/{id}/maintenance";
        ConsolePage page = await console.OpenAsync($"/app/units/{id}");
        Assert.Contains("Not safe to stop", page.Text, StringComparison.Ordinal);
        Assert.Contains("loser", page.Text, StringComparison.Ordinal);

        ConsolePage refused = await page.SubmitAsync(path, ("reason", "new fan"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        ConsolePage begun = await refused.FollowAsync(path, ("reason", "new fan"), ("force", "on"));
        Assert.Contains("new fan", begun.Text, StringComparison.Ordinal);
        ConsolePage ended = await begun.FollowAsync(path);
        Assert.DoesNotContain("In maintenance", ended.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disks_DryRunSaysWhatAClaimWouldDo_AndTheClaimDoesIt()
    {
        Guid id = await Pool.JoinAsync("with-disk");
        string path = $"/app/units/{id}/claim";
        ConsolePage tried = await (await console.OpenAsync($"/app/units/{id}")).SubmitAsync(path, ("disk", "wwn-1"), ("do", "try"));
        Assert.Equal(HttpStatusCode.OK, tried.Status);
        Assert.Contains("Would be claimed", tried.Text, StringComparison.Ordinal);
        Assert.All((await Pool.Services.Disks.ListAsync(SimulatedPool.Admin, new(Name: "with-disk"), default)).Items, disk => Assert.False(disk.Claimed));

        ConsolePage answer = await tried.SubmitAsync(path, ("disk", "wwn-1"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith("/app/tasks#task-", answer.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_AsksForTheName_AndForEachVolumeToBeAbandoned()
    {
        Guid id = await Pool.JoinAsync("forgotten");
        await Pool.VolumeAsync("abandoned", id);
        string path = $"/app/units/{id}/forget";
        ConsolePage page = await console.OpenAsync(path);
        Assert.Contains("abandoned: all of it lies there, and it would be lost.", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await page.SubmitAsync(path, ("confirm", "unit-1"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await page.SubmitAsync(path, ("confirm", "forgotten"))).Status);
        await page.FollowAsync(path, ("confirm", "forgotten"), ("abandon", "on"));
        Assert.Equal("not-found", await SimulatedPool.ProblemOf(UnitAsync(id)));
    }

    [Fact]
    public async Task Labels_AreReadAndShown()
    {
        Guid id = await Pool.JoinAsync("labelled");
        string path = $"/app/units/{id}/label";
        ConsolePage page = await console.OpenAsync($"/app/units/{id}");
        Assert.Equal(HttpStatusCode.BadRequest, (await page.SubmitAsync(path, ("labels", "rack"))).Status);
        Assert.Contains("rack=a1, site=north", (await page.FollowAsync(path, ("labels", "site=north, rack=a1"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_CreatedShownOnceAndRevoked()
    {
        ConsolePage list = await console.OpenAsync("/app/units/tokens");
        ConsolePage made = await list.SubmitAsync("/app/units/tokens", ("uses", "2"), ("hours", "1"), ("labels", "rack=a1"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Contains("--ca-fingerprint sha256:aaaa", made.Text, StringComparison.Ordinal);
        Token token = Assert.Single((await Pool.Services.Tokens.ListAsync(SimulatedPool.Admin, new(Limit: 500), default)).Items, token => token.UsesMax == 2);
        Assert.Equal("a1", token.Labels!["rack"]);

        ConsolePage after = await made.FollowAsync($"/app/units/tokens/{token.Id}/revoke");
        Assert.DoesNotContain(token.Id, after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_SeesUnitsAndCanChangeNothing()
    {
        Guid id = await Pool.JoinAsync("watched");
        Assert.Empty((await console.OpenAsync("/app/units", Role.Viewer)).Changes);
        ConsolePage page = await console.OpenAsync($"/app/units/{id}", Role.Viewer);
        Assert.Empty(page.Changes);
        Assert.DoesNotContain(page.Ways, way => way.EndsWith("/forget", StringComparison.Ordinal) || way.EndsWith("/retire", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, (await console.OpenAsync("/app/units/tokens", Role.Viewer)).Status);
        foreach (string verb in (string[])["approve", "cordon", "uncordon", "drain", "retire", "forget", "maintenance", "label", "claim"])
        {
            ConsolePage answer = await console.PostAsync($"/app/units/{id}/{verb}", Role.Viewer, ("confirm", "watched"), ("on", "on"), ("disk", "wwn-1"));
            Assert.Equal((verb, HttpStatusCode.Forbidden), (verb, answer.Status));
        }
        Assert.Equal("forbidden", await console.LastAuditAsync("unit.forget"));
        Assert.Equal(UnitState.Ready, (await UnitAsync(id)).State);
    }

    private Task<Unit> UnitAsync(Guid id) => Pool.Services.Units.GetAsync(SimulatedPool.Admin, id, default);
}
