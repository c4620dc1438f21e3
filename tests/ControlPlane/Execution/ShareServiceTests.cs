using System.Security.Cryptography;
using System.Text;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>The second kind of service: directories, by the same placement, quotas, operations and rights as volumes.</summary>
public sealed class ShareServiceTests
{
    private const long Size = 1L << 30;

    private static Caller Admin => SimulatedPool.Admin;

    [Fact]
    public async Task Share_RequestedBoundReleasedAndDeleted_UnitFollowsEachStep()
    {
        await using SimulatedPool pool = new();
        Guid unit = await pool.JoinAsync("unit-1");
        Share share = await ShareAsync(pool, "papers");
        Assert.Equal((ShareState.Ready, unit, "https://127.0.0.1:4000/"), (share.State, share.UnitId, share.Url));
        Assert.Empty(Assert.Single(pool.Station.Served(unit)!.Shares).Access);

        ShareBound bound = await pool.Services.Shares.BindAsync(Admin, share.Id, new ShareBind(null, "ann"), null, default);
        await SucceededAsync(pool, bound.Operation);
        ShareAccess access = Assert.Single(pool.Station.Served(unit)!.Shares[0].Access);
        Assert.Equal(bound.UserName, access.UserName);
        Assert.Equal(HashOf(bound.Password), access.PasswordHash);
        Assert.Equal("certificate of papers", bound.Certificate);
        Assert.DoesNotContain(bound.Password, await EverythingAsync(pool), StringComparison.Ordinal);
        Assert.Equal("share-bound", await SimulatedPool.ProblemOf(pool.Services.Shares.DeleteAsync(Admin, share.Id, default)));
        Assert.Equal("already-bound", await SimulatedPool.ProblemOf(pool.Services.Shares.BindAsync(Admin, share.Id, new ShareBind(null, "ann"), null, default)));

        await SucceededAsync(pool, await pool.Services.Shares.ReleaseAsync(Admin, share.Id, new ShareRelease(bound.Binding.Id), default));
        Assert.Empty(pool.Station.Served(unit)!.Shares[0].Access);
        await SucceededAsync(pool, await pool.Services.Shares.DeleteAsync(Admin, share.Id, default));
        Assert.Empty(pool.Station.Served(unit)!.Shares);
        Assert.Equal(0, (await pool.Services.Pool.GetAsync(Admin, default)).PromisedBytes);
    }

    /// <summary>A share has one copy and does not move: whoever empties or stops its unit is told before anything is lost.</summary>
    [Fact]
    public async Task Share_OnAUnitThatIsToGo_IsSaidAndHoldsUpTheDrain()
    {
        await using SimulatedPool pool = new();
        Guid unit = await pool.JoinAsync("unit-1");
        Share share = await ShareAsync(pool, "papers");
        SafeToStop unused = await pool.Services.Maintenance.SafeToStopAsync(Admin, unit, default);
        Assert.Equal((true, StopEffect.Unmapped), (unused.Safe, Assert.Single(unused.Shares).Effect));

        ShareBound bound = await pool.Services.Shares.BindAsync(Admin, share.Id, new ShareBind(null, "ann"), null, default);
        await SucceededAsync(pool, bound.Operation);
        SafeToStop used = await pool.Services.Maintenance.SafeToStopAsync(Admin, unit, default);
        Assert.False(used.Safe);
        Assert.Contains("share papers", used.Answer, StringComparison.Ordinal);

        Operation drain = await pool.Services.Units.DrainAsync(Admin, unit, default);
        await StationTests.UntilAsync(async () => (await pool.Services.Operations.GetAsync(Admin, drain.Id, default)).Phase.Contains("Share papers cannot be moved", StringComparison.Ordinal));
        Assert.Equal(UnitState.Draining, (await pool.Services.Units.GetAsync(Admin, unit, default)).State);
        await SucceededAsync(pool, await pool.Services.Shares.ReleaseAsync(Admin, share.Id, new ShareRelease(bound.Binding.Id), default));
        await SucceededAsync(pool, await pool.Services.Shares.DeleteAsync(Admin, share.Id, default));
        await SucceededAsync(pool, drain);
        Assert.Equal(UnitState.Drained, (await pool.Services.Units.GetAsync(Admin, unit, default)).State);
    }

    [Fact]
    public async Task Bind_TheSameKeyAgain_GivesTheSamePasswordAndMakesNothing()
    {
        await using SimulatedPool pool = new();
        await pool.JoinAsync("unit-1");
        Share share = await ShareAsync(pool, "papers");
        ShareBound first = await pool.Services.Shares.BindAsync(Admin, share.Id, new ShareBind(null, "ann"), "key", default);
        ShareBound again = await pool.Services.Shares.BindAsync(Admin, share.Id, new ShareBind(null, "ann"), "key", default);
        Assert.Equal((first.Password, first.Binding.Id), (again.Password, again.Binding.Id));
        Assert.Equal("idempotency-mismatch", await SimulatedPool.ProblemOf(pool.Services.Shares.BindAsync(Admin, share.Id, new ShareBind(null, "bob"), "key", default)));
    }

    [Fact]
    public async Task Create_UnitDoesNotOfferTheKind_IsRefusedWithTheUnitsOwnReason()
    {
        await using SimulatedPool pool = new();
        pool.Station.FileOffer = new ServiceOffer("storage.file", null, "rclone is not installed on this unit", null, 0, 0);
        await pool.JoinAsync("unit-1");

        ProblemException problem = await Assert.ThrowsAsync<ProblemException>(() => pool.Services.Shares.CreateAsync(Admin, new ShareCreate("papers", Size), null, default));
        Assert.Equal("no-unit", problem.Code);
        Assert.Contains("rclone is not installed", problem.Message, StringComparison.Ordinal);
        PlacementExplanation explanation = await pool.Services.Shares.ExplainAsync(Admin, new ShareCreate("papers", Size), default);
        Assert.False(explanation.Placed);
        Assert.Contains("rclone is not installed", Assert.Single(explanation.Stores).Rejection, StringComparison.Ordinal);
        Volume volume = await pool.VolumeAsync("v");
        Assert.Equal(VolumeState.Ready, volume.State);
        ServiceKindPage kinds = await pool.Services.ServiceKinds.ListAsync(Admin, default);
        Assert.Equal([("storage.block", true, 1), ("storage.file", false, 0)], kinds.Items.Select(kind => (kind.Name, kind.Units[0].Offered, kind.Units[0].Allocated)));
    }

    [Fact]
    public async Task Create_EveryPortIsTaken_IsRefused_AndAFreedOneIsTakenAgain()
    {
        await using SimulatedPool pool = new();
        await pool.JoinAsync("unit-1");
        Share first = await ShareAsync(pool, "a");
        Share second = await ShareAsync(pool, "b");
        Assert.NotEqual(first.Url, second.Url);
        Assert.Equal("no-unit", await SimulatedPool.ProblemOf(pool.Services.Shares.CreateAsync(Admin, new ShareCreate("c", Size), null, default)));
        await SucceededAsync(pool, await pool.Services.Shares.DeleteAsync(Admin, first.Id, default));
        Assert.Equal(first.Url, (await ShareAsync(pool, "c")).Url);
    }

    [Fact]
    public async Task Create_LabelsNameOneUnit_LiesThere()
    {
        await using SimulatedPool pool = new();
        await pool.JoinAsync("unit-1");
        Guid labelled = await pool.JoinAsync("unit-2");
        await pool.Services.Units.LabelAsync(Admin, labelled, new LabelSet(new Dictionary<string, string> { ["rack"] = "r2" }), default);
        foreach (string name in (string[])["a", "b"])
        {
            ShareAccepted accepted = await pool.Services.Shares.CreateAsync(Admin, new ShareCreate(name, Size) { Labels = new Dictionary<string, string> { ["rack"] = "r2" } }, null, default);
            Assert.Equal(labelled, accepted.Share.UnitId);
            await pool.EndedAsync(accepted.Operation);
        }

        Assert.Equal("no-unit", await SimulatedPool.ProblemOf(pool.Services.Shares.CreateAsync(
            Admin, new ShareCreate("c", Size) { Labels = new Dictionary<string, string> { ["rack"] = "r3" } }, null, default)));
    }

    [Fact]
    public async Task Quota_CountsVolumesAndSharesTogether()
    {
        await using SimulatedPool pool = new();
        await pool.JoinAsync("unit-1");
        await pool.Services.Projects.CreateAsync(Admin, new ProjectCreate("web", 2 * Size, null), null, default);
        VolumeAccepted volume = await pool.Services.Volumes.CreateAsync(Admin, new VolumeCreate("v", Size, null, null, null, null) { Project = "web" }, null, default);
        await pool.EndedAsync(volume.Operation);
        ShareAccepted share = await pool.Services.Shares.CreateAsync(Admin, new ShareCreate("s", Size) { Project = "web" }, null, default);
        await pool.EndedAsync(share.Operation);
        Assert.Equal("quota-exceeded", await SimulatedPool.ProblemOf(pool.Services.Shares.CreateAsync(Admin, new ShareCreate("t", 1 << 20) { Project = "web" }, null, default)));
        Assert.Equal("quota-exceeded", await SimulatedPool.ProblemOf(pool.Services.Volumes.CreateAsync(Admin, new VolumeCreate("w", 1 << 20, null, null, null, null) { Project = "web" }, null, default)));
        Assert.Equal(2 * Size, (await pool.Services.Projects.ListAsync(Admin, new ListQuery { Name = "web" }, default)).Items.Single().PromisedBytes);
    }

    [Fact]
    public async Task UnitCannotServeIt_OperationFailsWithItsReason_AndNothingStays()
    {
        await using SimulatedPool pool = new();
        Guid unit = await pool.JoinAsync("unit-1");
        pool.Station.Cut(unit);
        ShareAccepted accepted = await pool.Services.Shares.CreateAsync(Admin, new ShareCreate("papers", Size), null, default);
        lock (pool.Station.Troubles) pool.Station.Troubles[accepted.Share.Id] = "its server does not listen";
        pool.Station.Connect(unit);
        Operation ended = await pool.EndedAsync(accepted.Operation);
        Assert.Equal((OperationState.Failed, "unit-refused"), (ended.State, ended.Error?.Code));
        Assert.Contains("its server does not listen", ended.Error!.Detail, StringComparison.Ordinal);
        Assert.Empty((await pool.Services.Shares.ListAsync(Admin, new ListQuery(), default)).Items);
        Assert.Equal(0, (await pool.Services.Pool.GetAsync(Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task UnitWithAShare_IsNotForgottenUnasked_AndKeepsItsFilesWhenItReturns()
    {
        await using SimulatedPool pool = new();
        Guid unit = await pool.JoinAsync("unit-1");
        Share share = await ShareAsync(pool, "papers");
        Assert.Equal("unit-in-use", await SimulatedPool.ProblemOf(pool.Services.Units.ForgetAsync(Admin, unit, abandon: false, default)));
        await pool.Services.Units.ForgetAsync(Admin, unit, abandon: true, default);
        Assert.Empty((await pool.Services.Shares.ListAsync(Admin, new ListQuery(), default)).Items);
        Assert.Equal(share.Id, Assert.Single(await pool.Store.ReadAsync(transaction => transaction.Table<VSan.Station.Domain.LegTombstone>().Page(null, 10), default)).Id);
    }

    [Fact]
    public async Task Rights_RoleInAnotherProject_SeesAndBindsNothing()
    {
        await using SimulatedPool pool = new();
        await pool.JoinAsync("unit-1");
        Share share = await ShareAsync(pool, "papers");
        Caller stranger = new("web", [new Binding(Role.Operator, Scope.Parse("project:web", "/scope"))]);
        Caller viewer = Caller.Of("viewer", Role.Viewer);
        Assert.Empty((await pool.Services.Shares.ListAsync(stranger, new ListQuery(), default)).Items);
        Assert.Single((await pool.Services.Shares.ListAsync(viewer, new ListQuery(), default)).Items);
        foreach (Caller caller in (Caller[])[stranger, viewer])
            Assert.Equal("forbidden", await SimulatedPool.ProblemOf(pool.Services.Shares.BindAsync(caller, share.Id, new ShareBind(null, "ann"), null, default)));
    }

    [Fact]
    public async Task HostThatUsesAShare_IsNotRemoved()
    {
        await using SimulatedPool pool = new();
        await pool.JoinAsync("unit-1");
        Share share = await ShareAsync(pool, "papers");
        Host host = await pool.Services.Hosts.CreateAsync(Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        ShareBound bound = await pool.Services.Shares.BindAsync(Admin, share.Id, new ShareBind(host.Id, null), null, default);
        await SucceededAsync(pool, bound.Operation);
        Assert.Equal("host-mapped", await SimulatedPool.ProblemOf(pool.Services.Hosts.DeleteAsync(Admin, host.Id, default)));
        await SucceededAsync(pool, await pool.Services.Shares.ReleaseAsync(Admin, share.Id, new ShareRelease(bound.Binding.Id), default));
        await pool.Services.Hosts.DeleteAsync(Admin, host.Id, default);
    }

    [Fact]
    public async Task ShareFills_AlarmIsRaisedAndCleared()
    {
        // With a clock that is given, simulated units report what they are told to and nothing else.
        await using SimulatedPool pool = new(TimeProvider.System);
        Guid unit = await pool.JoinAsync("unit-1");
        Share share = await ShareAsync(pool, "papers");
        ReportUse(pool, unit, share.Id, Size * 95 / 100);
        await pool.Services.Space.LookAsync(default);
        Alarm alarm = Assert.Single((await pool.Services.Alarms.ListAsync(Admin, new ListQuery(), default)).Items);
        Assert.Equal(("share.filling", AlarmSeverity.Critical), (alarm.Kind, alarm.Severity));
        ReportUse(pool, unit, share.Id, Size / 10);
        await pool.Services.Space.LookAsync(default);
        Assert.Empty((await pool.Services.Alarms.ListAsync(Admin, new ListQuery(), default)).Items);
    }

    private static void ReportUse(SimulatedPool pool, Guid unit, Guid shareId, long bytes)
    {
        long generation = pool.Station.Served(unit)!.Generation;
        pool.Services.Presence.OnReport(new UnitReport(unit, unit, 1, new ConfigurationStatus(generation, generation, []), true, 0, []) { Shares = [new ShareUsage(shareId, bytes)] });
    }

    private static async Task<Share> ShareAsync(SimulatedPool pool, string name)
    {
        ShareAccepted accepted = await pool.Services.Shares.CreateAsync(Admin, new ShareCreate(name, Size), null, default);
        await SucceededAsync(pool, accepted.Operation);
        return await pool.Services.Shares.GetAsync(Admin, accepted.Share.Id, default);
    }

    private static async Task SucceededAsync(SimulatedPool pool, Operation operation) => Assert.Equal(OperationState.Succeeded, (await pool.EndedAsync(operation)).State);

    private static async Task<string> EverythingAsync(SimulatedPool pool) => await pool.Store.ReadAsync(
        transaction => string.Join('\n', transaction.Table<VSan.Station.Domain.ShareBinding>().Page(null, 10)) + string.Join('\n', transaction.LastEvents(100)), default);

#pragma warning disable CA5350
    private static string HashOf(string password) => $"{{SHA}}{Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(password)))}";
#pragma warning restore CA5350
}
