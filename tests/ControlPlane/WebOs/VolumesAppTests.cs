using System.Net;
using System.Xml.Linq;
using VSan.Contracts.Api;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

public sealed class VolumesAppTests(WebConsole console) : IClassFixture<WebConsole>
{
    private SimulatedPool Pool => console.Pool;

    [Fact]
    public async Task Create_FormRoundTrip_MakesTheVolumeThatWasAskedFor()
    {
        ConsolePage list = await console.OpenAsync("/app/volumes");
        ConsolePage tasks = await list.FollowAsync("/app/volumes", ("name", "made"), ("size", "64"), ("size-unit", "MiB"), ("layout", "mirror-2"), ("thickness", "thick"), ("block", "4096"));
        Assert.Contains("Create volume made", tasks.Text, StringComparison.Ordinal);

        Volume volume = await NamedAsync("made");
        Assert.Equal((64L << 20, "mirror-2", false, 4096), (volume.SizeBytes, volume.Layout, volume.Thin, volume.BlockSizeBytes));
        Assert.Equal(2, volume.Legs.Select(leg => leg.UnitId).Distinct().Count());
    }

    [Fact]
    public async Task List_Long_IsPagedOrderedAndSearchedOnTheServer()
    {
        await Pool.Store.WriteAsync(
            transaction =>
            {
                for (int index = 0; index < 1050; index++)
                {
                    transaction.Table<VSan.Station.Domain.Volume>().Insert(new VSan.Station.Domain.Volume(
                        Guid.NewGuid(), VSan.Station.Domain.Project.Default.Id, $"zz-{index:0000}", VSan.Station.Domain.VolumeLayout.Single, (index + 1L) << 40, 512, Thin: true, "test",
                        VSan.Station.Domain.VolumeState.Ready, DateTimeOffset.UnixEpoch));
                }

                return true;
            },
            default);
        ConsolePage first = await console.OpenAsync("/app/volumes?name=ZZ-");
        Assert.Contains("1,050 volumes", first.Text, StringComparison.Ordinal);
        Assert.Equal(50, first.Markup.Descendants("tbody").Elements("tr").Count());
        Assert.DoesNotContain("First page", first.Text, StringComparison.Ordinal);
        ConsolePage last = await console.OpenAsync(first.Ways.Single(way => way.EndsWith("page=21", StringComparison.Ordinal)));
        Assert.Equal(50, last.Markup.Descendants("tbody").Elements("tr").Count());
        Assert.Contains("zz-1049", last.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Next page", last.Text, StringComparison.Ordinal);
        Assert.Contains("zz-1049", (await console.OpenAsync("/app/volumes?order=largest&page=1")).Text, StringComparison.Ordinal);
        Assert.Contains("zz-1049", (await console.OpenAsync("/app/volumes?name=zz-&page=999999")).Text, StringComparison.Ordinal);
        Assert.Contains("There is no volume with “nothing-like-it” in its name.", (await console.OpenAsync("/app/volumes?name=nothing-like-it")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_SamePageSentTwice_IsOneVolume()
    {
        ConsolePage list = await console.OpenAsync("/app/volumes");
        ConsolePage first = await list.SubmitAsync("/app/volumes", ("name", "once"), ("size", "64"), ("size-unit", "MiB"));
        ConsolePage second = await list.SubmitAsync("/app/volumes", ("name", "once"), ("size", "64"), ("size-unit", "MiB"));
        Assert.Equal((HttpStatusCode.SeeOther, first.Location), (second.Status, second.Location));
    }

    [Fact]
    public async Task Button_SamePagePressedTwice_IsOneTask()
    {
        Volume volume = await Pool.VolumeAsync("pressed");
        string expand = $"/app/volumes/{volume.Id}/expand";
        ConsolePage page = await console.OpenAsync($"/app/volumes/{volume.Id}");
        ConsolePage first = await page.SubmitAsync(expand, ("size", "8"), ("size-unit", "GiB"));
        ConsolePage second = await page.SubmitAsync(expand, ("size", "8"), ("size-unit", "GiB"));
        Assert.Equal((HttpStatusCode.SeeOther, first.Location), (second.Status, second.Location));
        ConsolePage other = await page.SubmitAsync(expand, ("size", "9"), ("size-unit", "GiB"));
        Assert.Contains("was used for another request", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Selected_AllOfAFilter_GoIntoTheTrash_ButForOnesThatHostsHave()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("holder", "iqn.2026-11.test:holder"), null, default);
        foreach (string name in (string[])["bulk-1", "bulk-2", "bulk-3"]) await Pool.VolumeAsync(name);
        await Pool.Services.Mappings.CreateAsync(SimulatedPool.Admin, new MappingCreate((await NamedAsync("bulk-2")).Id, host.Id, null), null, default);
        const string Path = "/app/volumes/selected";
        ConsolePage list = await console.OpenAsync("/app/volumes?name=bulk-");
        Assert.Contains("No volume is selected", (await list.SubmitAsync(Path, ("all", ""))).Text, StringComparison.Ordinal);
        ConsolePage asked = await list.SubmitAsync(Path, ("all", "on"));
        Assert.Contains("Move 2 volumes to the trash?", asked.Text, StringComparison.Ordinal);
        Assert.Contains("bulk-2", asked.Text, StringComparison.Ordinal);
        Assert.Equal(VolumeState.Ready, (await NamedAsync("bulk-1")).State);
        await Pool.VolumeAsync("bulk-later");
        ConsolePage done = await asked.SubmitAsync(Path);
        Assert.Contains("2 volumes went into the trash.", done.Text, StringComparison.Ordinal);
        VolumePage trash = await Pool.Services.Trash.ListAsync(SimulatedPool.Admin, default);
        Assert.Equal(["bulk-1", "bulk-3"], trash.Items.Select(volume => volume.Name).Where(name => name.StartsWith("bulk-", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Create_Refused_KeepsWhatWasTypedAndNamesEachField()
    {
        ConsolePage list = await console.OpenAsync("/app/volumes");
        ConsolePage refused = await list.SubmitAsync("/app/volumes", ("name", WebConsole.HostileName), ("size", "much"), ("host", "nobody"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Write a number greater than 0", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Choose one from the list.", refused.Text, StringComparison.Ordinal);
        Assert.Contains(refused.Markup.Descendants("input"), input => (string?)input.Attribute("value") == WebConsole.HostileName);
        Assert.Contains(refused.Markup.Descendants("details"), details => (string?)details.Attribute("id") == "create" && details.Attribute("open") is not null);
    }

    [Fact]
    public async Task Create_Tried_ExplainsEachStoreAndReservesNothing()
    {
        ConsolePage list = await console.OpenAsync("/app/volumes");
        ConsolePage fits = await list.SubmitAsync("/app/volumes", ("name", "tried"), ("size", "1"), ("layout", "single"), ("do", "try"));
        Assert.Equal(HttpStatusCode.OK, fits.Status);
        Assert.Contains("Taken for leg 1", fits.Text, StringComparison.Ordinal);
        Assert.Contains("Not needed", fits.Text, StringComparison.Ordinal);
        Assert.Contains(fits.Markup.Descendants("input"), input => (string?)input.Attribute("value") == "tried");

        ConsolePage large = await list.SubmitAsync("/app/volumes", ("name", "tried"), ("size", "900"), ("size-unit", "TiB"), ("do", "try"));
        Assert.Contains("Does not fit", large.Text, StringComparison.Ordinal);
        Assert.Contains("Rejected", large.Text, StringComparison.Ordinal);
        Assert.Empty((await Pool.Services.Volumes.ListAsync(SimulatedPool.Admin, new(Name: "tried"), default)).Items);
    }

    [Fact]
    public async Task Trash_AndUndo_GiveTheVolumeBack()
    {
        Volume volume = await Pool.VolumeAsync("undone");
        ConsolePage detail = await console.OpenAsync($"/app/volumes/{volume.Id}");
        ConsolePage list = await detail.FollowAsync($"/app/volumes/{volume.Id}/delete");
        Assert.Contains("undone is in the trash until", list.Text, StringComparison.Ordinal);
        Assert.Equal(VolumeState.Trashed, (await Pool.Services.Volumes.GetAsync(SimulatedPool.Admin, volume.Id, default)).State);
        Assert.DoesNotContain("undone", (await console.OpenAsync("/app/volumes", Role.Viewer)).Text, StringComparison.Ordinal);

        await list.FollowAsync($"/app/volumes/{volume.Id}/restore");
        Assert.Equal(VolumeState.Ready, (await NamedAsync("undone")).State);
    }

    [Fact]
    public async Task Trash_MappedVolume_IsRefusedWithTheReason()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("keeper", "iqn.2026-11.test:keeper"), null, default);
        Volume volume = await Pool.VolumeAsync("kept", hostId: host.Id);
        ConsolePage refused = await (await console.OpenAsync($"/app/volumes/{volume.Id}")).SubmitAsync($"/app/volumes/{volume.Id}/delete");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("kept is mapped to 1 host.", refused.Text, StringComparison.Ordinal);
        Assert.Equal(VolumeState.Ready, (await NamedAsync("kept")).State);
    }

    [Fact]
    public async Task Purge_AsksForTheExactName()
    {
        Volume volume = await Pool.VolumeAsync("purged");
        await console.FollowAsync($"/app/volumes/{volume.Id}/delete");
        ConsolePage trash = await console.OpenAsync("/app/volumes/trash");
        string path = $"/app/volumes/{volume.Id}/purge";
        Assert.Contains(path, trash.Ways);

        ConsolePage refused = await (await console.OpenAsync(path)).SubmitAsync(path, ("confirm", "Purged"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("This is not the name that is shown.", refused.Text, StringComparison.Ordinal);
        ConsolePage tasks = await refused.FollowAsync(path, ("confirm", "purged"));
        Assert.Contains("Delete volume purged", tasks.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expand_FormRoundTrip_AndSmallerIsRefused()
    {
        Volume volume = await Pool.VolumeAsync("grown", sizeBytes: 1L << 30);
        string path = $"/app/volumes/{volume.Id}/expand";
        ConsolePage detail = await console.OpenAsync($"/app/volumes/{volume.Id}");
        ConsolePage refused = await detail.SubmitAsync(path, ("size", "512"), ("size-unit", "MiB"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("a smaller one would cut off", refused.Text, StringComparison.Ordinal);

        ConsolePage tasks = await refused.FollowAsync(path, ("size", "2"), ("size-unit", "GiB"));
        Assert.Contains("grown", tasks.Text, StringComparison.Ordinal);
        await StationTests.UntilAsync(async () => (await NamedAsync("grown")).SizeBytes == 2L << 30);
    }

    [Fact]
    public async Task Limits_FormRoundTrip_AreShown()
    {
        Volume volume = await Pool.VolumeAsync("limited");
        ConsolePage shown = await (await console.OpenAsync($"/app/volumes/{volume.Id}")).FollowAsync($"/app/volumes/{volume.Id}/limits", ("iops", "5000"), ("rate", "100"), ("rate-unit", "MiB"));
        Assert.Contains("5,000 commands/s, 100 MiB/s", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_TakenClonedAndDeleted()
    {
        Volume volume = await Pool.VolumeAsync("filmed");
        ConsolePage detail = await (await console.OpenAsync($"/app/volumes/{volume.Id}")).FollowAsync($"/app/volumes/{volume.Id}/snapshots", ("name", "first"));
        Assert.Contains("first", detail.Text, StringComparison.Ordinal);
        Snapshot snapshot = Assert.Single((await Pool.Services.Snapshots.OfVolumeAsync(SimulatedPool.Admin, volume.Id, default)).Items);
        await StationTests.UntilAsync(async () => (await Pool.Services.Snapshots.GetAsync(SimulatedPool.Admin, snapshot.Id, default)).State == SnapshotState.Ready);

        string clone = $"/app/snapshots/{snapshot.Id}/clone";
        ConsolePage tasks = await (await console.OpenAsync(clone)).FollowAsync(clone, ("name", "filmed-again"));
        Assert.Contains("filmed-again", tasks.Text, StringComparison.Ordinal);
        await StationTests.UntilAsync(async () => (await NamedAsync("filmed-again")).State == VolumeState.Ready);

        string delete = $"/app/snapshots/{snapshot.Id}/delete";
        Assert.Equal(HttpStatusCode.BadRequest, (await (await console.OpenAsync(delete)).SubmitAsync(delete, ("confirm", "second"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await (await console.OpenAsync(delete)).SubmitAsync(delete, ("confirm", "first"))).Status);
    }

    [Fact]
    public async Task Access_GivenShownAndTakenAway()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("reader", "iqn.2026-11.test:reader"), null, default);
        Volume volume = await Pool.VolumeAsync("read");
        ConsolePage detail = await (await console.OpenAsync($"/app/volumes/{volume.Id}")).FollowAsync($"/app/volumes/{volume.Id}/mappings", ("host", host.Id.ToString()), ("read-only", "on"));
        Assert.Contains("reader", detail.Text, StringComparison.Ordinal);
        await StationTests.UntilAsync(async () => (await NamedAsync("read")).Mappings is [{ State: MappingState.Active }]);
        Mapping mapping = Assert.Single((await NamedAsync("read")).Mappings);
        Assert.True(mapping.ReadOnly);

        ConsolePage connect = await console.OpenAsync($"/app/mappings/{mapping.Id}/connect");
        ConnectLeg leg = (await Pool.Services.Mappings.ConnectInfoAsync(SimulatedPool.Admin, mapping.Id, default)).Legs[0];
        Assert.Contains($"iscsiadm -m node -T {leg.TargetName} -p {leg.Portals[0]} -o update -n node.session.auth.password -v {leg.ChapSecret}", connect.Text, StringComparison.Ordinal);
        Assert.Contains($"/dev/disk/by-id/wwn-0x{leg.Naa}", connect.Text, StringComparison.Ordinal);

        string delete = $"/app/mappings/{mapping.Id}/delete";
        await (await console.OpenAsync(delete)).FollowAsync(delete, ("confirm", "reader"));
        await StationTests.UntilAsync(async () => (await NamedAsync("read")).Mappings.Count == 0);
    }

    [Fact]
    public async Task Viewer_SeesEverythingAndCanChangeNothing()
    {
        Host host = await Pool.Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("watched", "iqn.2026-11.test:watched"), null, default);
        Volume volume = await Pool.VolumeAsync("seen", hostId: host.Id);
        foreach (string path in (string[])["/app/volumes", "/app/volumes/trash", $"/app/volumes/{volume.Id}"])
        {
            ConsolePage page = await console.OpenAsync(path, Role.Viewer);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Empty(page.Changes);
            Assert.DoesNotContain(page.Ways, way => way.EndsWith("/delete", StringComparison.Ordinal) || way.EndsWith("/purge", StringComparison.Ordinal) || way.EndsWith("/connect", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("delete", "volume.delete"), InlineData("restore", "volume.restore"), InlineData("purge", "volume.purge"), InlineData("expand", "volume.expand")]
    [InlineData("limits", "volume.change"), InlineData("snapshots", "snapshot.create")]
    public async Task Viewer_DirectPost_IsForbiddenAndAudited(string verb, string action)
    {
        Volume volume = await Pool.VolumeAsync($"safe-{verb}");
        ConsolePage answer = await console.PostAsync(
            $"/app/volumes/{volume.Id}/{verb}", Role.Viewer, ("confirm", volume.Name), ("size", "9"), ("size-unit", "GiB"), ("name", "s"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("Your role does not allow this", answer.Text, StringComparison.Ordinal);
        Assert.Equal("forbidden", await console.LastAuditAsync(action));
        Assert.Equal(VolumeState.Ready, (await NamedAsync(volume.Name)).State);
    }

    [Fact]
    public async Task Volume_OfAnIdThatIsNone_IsNotFound()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await console.OpenAsync("/app/volumes/nothing")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await console.OpenAsync($"/app/volumes/{Guid.Empty}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await console.OpenAsync($"/app/volumes?trashed={Guid.Empty}")).Status);
    }

    private async Task<Volume> NamedAsync(string name) => Assert.Single((await Pool.Services.Volumes.ListAsync(SimulatedPool.Admin, new(Name: name), default)).Items);
}
