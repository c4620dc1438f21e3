using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class PermissionTests
{
    private readonly InMemoryStore _store = new();

    [Theory]
    [InlineData(Role.Viewer, "volume.read", true)]
    [InlineData(Role.Viewer, "volume.create", false)]
    [InlineData(Role.Operator, "volume.create", true)]
    [InlineData(Role.Operator, "unit.approve", false)]
    [InlineData(Role.StorageAdmin, "volume.create", true)]
    [InlineData(Role.StorageAdmin, "unit.approve", true)]
    [InlineData(Role.StorageAdmin, "user.create", false)]
    [InlineData(Role.SecurityAdmin, "user.create", true)]
    [InlineData(Role.SecurityAdmin, "volume.create", false)]
    [InlineData(Role.SecurityAdmin, "volume.read", true)]
    [InlineData(Role.Admin, "user.create", true)]
    [InlineData(Role.Admin, "unit.forget", true)]
    public void Allow_Role_FollowsTheTable(Role role, string action, bool allowed) => Assert.Equal(allowed, Permissions.Allow(role, action));

    [Theory]
    [InlineData("all", true, true, true)]
    [InlineData("pool", false, true, true)]
    [InlineData("project:web", false, false, true)]
    [InlineData("project:other", false, false, false)]
    [InlineData("unit-label:rack=1", false, false, true)]
    [InlineData("unit-label:rack=2", false, false, false)]
    public void Covers_Scope_KeepsToItsPart(string scope, bool station, bool pool, bool volume)
    {
        Reach ofVolume = Reach.Pool with { Project = "web", UnitLabels = new Dictionary<string, string> { ["rack"] = "1" } };
        Scope parsed = Scope.Parse(scope, "/scope");

        Assert.Equal(scope, parsed.Text);
        Assert.Equal((station, pool, volume), (parsed.Covers(Reach.Station), parsed.Covers(Reach.Pool), parsed.Covers(ofVolume)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("project:")]
    [InlineData("unit-label:rack")]
    [InlineData("unit-label:=1")]
    [InlineData("everything")]
    public void Parse_UnknownScope_IsInvalid(string scope) =>
        Assert.Equal("invalid-field", Assert.Throws<ProblemException>(() => Scope.Parse(scope, "/scope")).Code);

    [Fact]
    public async Task HostCreate_RoleInAProjectOnly_IsForbiddenInThePoolAndAudited()
    {
        StationServices services = new SimulatedStation(_store).Services;
        Caller caller = new("web", [new Binding(Role.Operator, Scope.Parse("project:web", "/scope"))]);

        ProblemException problem = await Assert.ThrowsAsync<ProblemException>(() => services.Hosts.CreateAsync(caller, new HostCreate("h", "iqn.h"), null, default));

        Assert.Equal("forbidden", problem.Code);
        Assert.Empty((await services.Hosts.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items);
        var lines = await _store.ReadAsync(transaction => transaction.AuditAfter(0, 10), default);
        Assert.Contains(lines, line => line is { Who: "web", Action: "host.create", Outcome: "forbidden" });
    }

    [Fact]
    public async Task HostList_RoleInAProjectOnly_ShowsNothingOfThePool()
    {
        StationServices services = new SimulatedStation(_store).Services;
        await services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.h"), null, default);
        Caller caller = new("web", [new Binding(Role.Viewer, Scope.Parse("project:web", "/scope"))]);

        Assert.Empty((await services.Hosts.ListAsync(caller, new ListQuery(), default)).Items);
        Assert.Single((await services.Hosts.ListAsync(Caller.Of("v", Role.Viewer), new ListQuery(), default)).Items);
    }

    [Fact]
    public async Task HostDelete_SeenAnOlderGeneration_IsAFailedPrecondition()
    {
        StationServices services = new SimulatedStation(_store).Services;
        Host host = await services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.h"), null, default);

        ProblemException problem = await Assert.ThrowsAsync<ProblemException>(() => services.Hosts.DeleteAsync(SimulatedStation.Admin with { SeenGeneration = 7 }, host.Id, default));
        Assert.Equal("precondition-failed", problem.Code);
        await services.Hosts.DeleteAsync(SimulatedStation.Admin with { SeenGeneration = 1 }, host.Id, default);
    }
}
