using System.Net;
using VSan.Contracts.Api;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

public sealed class HostsAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private SimulatedPool Pool => console.Pool;

    [Fact]
    public async Task Host_AddedShownAndDeleted()
    {
        ConsolePage list = await console.OpenAsync("/app/hosts");
        ConsolePage detail = await list.FollowAsync("/app/hosts", ("name", "added"), ("initiator", "iqn.2026-11.test:added"));
        Assert.Contains("iqn.2026-11.test:added", detail.Text, StringComparison.Ordinal);
        Assert.Contains("added", (await console.OpenAsync("/app/hosts")).Text, StringComparison.Ordinal);

        string delete = detail.Ways.Single(way => way.EndsWith("/delete", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await (await console.OpenAsync(delete)).SubmitAsync(delete, ("confirm", "other"))).Status);
        await (await console.OpenAsync(delete)).FollowAsync(delete, ("confirm", "added"));
        Assert.Empty((await Pool.Services.Hosts.ListAsync(SimulatedPool.Admin, new(Name: "added"), default)).Items);
    }

    [Fact]
    public async Task Host_WrongInitiatorName_NamesTheFieldAndKeepsTheText()
    {
        ConsolePage refused = await (await console.OpenAsync("/app/hosts")).SubmitAsync("/app/hosts", ("name", "wrong"), ("initiator", WebConsole.HostileName));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(refused.Markup.Descendants("input"), input => (string?)input.Attribute("value") == WebConsole.HostileName && (string?)input.Attribute("aria-invalid") == "true");
    }

    [Fact]
    public async Task Rotate_AndQuota_AreShownAfterwards()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("turning", "iqn.2026-11.test:turning"), null, default);
        await Pool.VolumeAsync("turned", hostId: host.Id);
        ConsolePage rotated = await (await console.OpenAsync($"/app/hosts/{host.Id}")).FollowAsync($"/app/hosts/{host.Id}/rotate", ("overlap", "24"), ("every", "30"));
        Assert.Contains("every 30 days", rotated.Text, StringComparison.Ordinal);
        ConsolePage granted = await rotated.FollowAsync($"/app/hosts/{host.Id}/quota", ("bytes", "2"), ("bytes-unit", "TiB"), ("volumes", "5"));
        Assert.Contains("2 TiB in 5 volumes", granted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_SeesHostsAndCanChangeNothing()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("looked-at", "iqn.2026-11.test:looked-at"), null, default);
        Assert.Empty((await console.OpenAsync("/app/hosts", Role.Viewer)).Changes);
        Assert.Empty((await console.OpenAsync($"/app/hosts/{host.Id}", Role.Viewer)).Changes);
        foreach ((string path, string action) in ((string, string)[])[("/app/hosts", "host.create"), ($"/app/hosts/{host.Id}/delete", "host.delete"), ($"/app/hosts/{host.Id}/rotate", "host.rotate-secret")])
        {
            ConsolePage answer = await console.PostAsync(path, Role.Viewer, ("name", "x"), ("initiator", "iqn.2026-11.test:x"), ("confirm", "looked-at"));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.Status));
            Assert.Equal("forbidden", await console.LastAuditAsync(action));
        }
    }

    [Fact]
    public async Task Connect_ByAViewer_IsForbidden()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("secretive", "iqn.2026-11.test:secretive"), null, default);
        Volume volume = await Pool.VolumeAsync("hidden", hostId: host.Id);
        ConsolePage answer = await console.OpenAsync($"/app/mappings/{volume.Mappings[0].Id}/connect", Role.Viewer);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.DoesNotContain("password", answer.Html, StringComparison.OrdinalIgnoreCase);
    }
}
