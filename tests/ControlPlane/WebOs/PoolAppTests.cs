using System.Net;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>Storage pool, Topology, Tasks, Events &amp; audit, Settings.</summary>
public sealed class PoolAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private SimulatedPool Pool => console.Pool;

    [Fact]
    public async Task Pool_ShowsStoresAndWhatIsLeftAfterAFailure()
    {
        ConsolePage page = await console.OpenAsync("/app/pool", Role.Viewer);
        Assert.Contains("Usable after one unit fails", page.Text, StringComparison.Ordinal);
        Assert.Contains("unit-1", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Changes);
    }

    [Fact]
    public async Task Policy_MadeAndDeleted()
    {
        const string Path = "/app/pool/policies";
        ConsolePage page = await (await console.OpenAsync(Path)).FollowAsync(Path, ("name", "gold"), ("layout", "mirror-2"), ("domain", "rack"), ("ratio", "2.5"), ("iops", "100"));
        Policy policy = Assert.Single((await Pool.Services.Policies.ListAsync(SimulatedPool.Admin, new(), default)).Items);
        Assert.Equal(("gold", "mirror-2", FailureDomain.Rack, 2.5, 100), (policy.Name, policy.Layout, policy.FailureDomain, policy.OvercommitRatio, policy.Limits!.MaxIops));
        Assert.Equal(HttpStatusCode.BadRequest, (await page.SubmitAsync(Path, ("name", "bad"), ("ratio", "much"))).Status);

        string delete = $"{Path}/{policy.Id}/delete";
        await (await console.OpenAsync(delete)).FollowAsync(delete, ("confirm", "gold"));
        Assert.Empty((await Pool.Services.Policies.ListAsync(SimulatedPool.Admin, new(), default)).Items);
    }

    [Fact]
    public async Task Project_MadeChangedAndDeleted()
    {
        const string Path = "/app/pool/projects";
        ConsolePage page = await (await console.OpenAsync(Path)).FollowAsync(Path, ("name", "web"), ("bytes", "2"), ("bytes-unit", "TiB"));
        Assert.Contains("of 2 TiB", page.Text, StringComparison.Ordinal);
        page = await page.FollowAsync($"{Path}/quota", ("name", "web"), ("bytes", "3"), ("bytes-unit", "TiB"), ("volumes", "4"));
        Assert.Contains("0 of 4", page.Text, StringComparison.Ordinal);
        await (await console.OpenAsync($"{Path}/web/delete")).FollowAsync($"{Path}/web/delete", ("confirm", "web"));
        Assert.DoesNotContain((await Pool.Services.Projects.ListAsync(SimulatedPool.Admin, new(), default)).Items, project => project.Name == "web");
    }

    [Fact]
    public async Task Operator_MayNotDecideWhatVolumesMayBe()
    {
        Assert.Empty((await console.OpenAsync("/app/pool/policies", Role.Operator)).Changes);
        Assert.Empty((await console.OpenAsync("/app/pool/projects", Role.Operator)).Changes);
        Assert.Equal(HttpStatusCode.Forbidden, (await console.PostAsync("/app/pool/policies", Role.Operator, ("name", "x"), ("layout", "single"), ("domain", "unit"))).Status);
        Assert.Equal("forbidden", await console.LastAuditAsync("policy.create"));
        Assert.Equal(HttpStatusCode.Forbidden, (await console.PostAsync("/app/pool/projects", Role.Operator, ("name", "x"))).Status);
        Assert.Equal("forbidden", await console.LastAuditAsync("project.create"));
    }

    [Fact]
    public async Task Topology_ShowsWhatLiesWhereAndWhoReachesIt()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("rooted", "iqn.2026-11.test:rooted"), null, default);
        Volume volume = await Pool.VolumeAsync("leafy", hostId: host.Id);
        ConsolePage page = await console.OpenAsync("/app/topology", Role.Viewer);
        Assert.Equal(2, page.Ways.Count(way => way == $"/app/volumes/{volume.Id}"));
        Assert.Contains(page.Ways, way => way == $"/app/hosts/{host.Id}");
        Assert.Empty(page.Changes);
    }

    [Fact]
    public async Task Tasks_FilteredByStateAndObject()
    {
        Volume volume = await Pool.VolumeAsync("worked");
        Assert.Contains("Create volume worked", (await console.OpenAsync($"/app/tasks?subject={volume.Id}", Role.Viewer)).Text, StringComparison.Ordinal);
        Assert.Contains("There is no such task.", (await console.OpenAsync($"/app/tasks?subject={volume.Id}&state=failed", Role.Viewer)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await console.OpenAsync("/app/tasks?state=never")).Status);
    }

    [Fact]
    public async Task Retry_OfATaskThatHasEnded_IsRefusedAndOfAViewerForbidden()
    {
        Volume volume = await Pool.VolumeAsync("tried-again");
        ListQuery ofVolume = new() { Filters = new Dictionary<string, string> { ["subject"] = volume.Id.ToString() } };
        Guid id = Assert.Single((await Pool.Services.Operations.ListAsync(SimulatedPool.Admin, ofVolume, default)).Items).Id;
        ConsolePage refused = await console.PostAsync($"/app/tasks/{id}/retry");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("does not wait for a person", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await console.PostAsync($"/app/tasks/{id}/retry", Role.Viewer)).Status);
        Assert.Equal("forbidden", await console.LastAuditAsync("operation.retry"));
    }

    [Fact]
    public async Task Events_FilteredAndPaged()
    {
        for (int i = 0; i < 150; i++) await Pool.Services.Events.AppendAsync("test.many", "pool", $"{WebConsole.HostileName} {i}", default);
        ConsolePage first = await console.OpenAsync("/app/events?kind=test.*", Role.Viewer);
        Assert.Contains($"{WebConsole.HostileName} 149", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{WebConsole.HostileName} 49 ", first.Text, StringComparison.Ordinal);
        ConsolePage second = await console.OpenAsync(Assert.Single(first.Ways, way => way.Contains("cursor=", StringComparison.Ordinal)), Role.Viewer);
        Assert.Contains($"{WebConsole.HostileName} 49 ", second.Text, StringComparison.Ordinal);
        Assert.Contains($"{WebConsole.HostileName} 0 ", second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(second.Ways, way => way.Contains("cursor=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Audit_ShownCheckedAndRefusedToWhoMayNotReadIt()
    {
        Assert.Contains("unit-1", (await console.OpenAsync("/app/events?kind=unit.*")).Text, StringComparison.Ordinal);
        ConsolePage audit = await console.OpenAsync("/app/events/audit?action=token.create", Role.SecurityAdmin);
        Assert.Contains("token.create", audit.Text, StringComparison.Ordinal);
        Assert.Contains("each follows the one before", (await console.OpenAsync("/app/events/audit/verify", Role.SecurityAdmin)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await console.OpenAsync("/app/events/audit", Role.Operator)).Status);
        Assert.DoesNotContain(await console.OpenAsync("/app/events", Role.Operator) is { } page ? page.Ways : [], way => way.EndsWith("/audit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_TrashDelay_IsShownAndChangedByWhoMay()
    {
        ConsolePage settings = await console.OpenAsync("/app/settings");
        Assert.Contains("for 24 hours", settings.Text, StringComparison.Ordinal);
        settings = await settings.FollowAsync("/app/settings/pool", ("hours", "1.5"));
        Assert.Contains("for 1.5 hours", settings.Text, StringComparison.Ordinal);
        ConsolePage refused = await settings.SubmitAsync("/app/settings/pool", ("hours", "9000"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("1m to 365d", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await console.PostAsync("/app/settings/pool", Role.Operator, ("hours", "3"))).Status);
        Assert.Equal("forbidden", await console.LastAuditAsync("pool.change"));
        settings = await settings.FollowAsync("/app/settings/pool", ("hours", "24"), ("minutes", "30"));
        Assert.Contains("out of reach for 30 minutes", settings.Text, StringComparison.Ordinal);
        settings = await settings.FollowAsync("/app/settings/pool", ("minutes", "0"));
        Assert.Contains("No spare is taken into service by itself", settings.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_ShowFindingsToWhoMayReadThem()
    {
        ConsolePage settings = await console.OpenAsync("/app/settings");
        Assert.Contains(WebConsole.HostileName, settings.Text, StringComparison.Ordinal);
        Assert.Contains("sha256:aaaa", settings.Text, StringComparison.Ordinal);
        ConsolePage viewer = await console.OpenAsync("/app/settings", Role.Viewer);
        Assert.DoesNotContain(WebConsole.HostileName, viewer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await console.PostAsync("/app/settings/thaw", Role.Viewer)).Status);
        Assert.Equal("forbidden", await console.LastAuditAsync("pool.thaw"));
    }
}
