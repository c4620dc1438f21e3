using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class SecretRotationTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly SimulatedPool _pool;
    private Guid _unitId;
    private Host _host = null!;
    private Guid _mappingId;

    public SecretRotationTests() => _pool = new SimulatedPool(_clock);

    private StationServices Services => _pool.Services;

    public async Task InitializeAsync()
    {
        _unitId = await _pool.JoinAsync("unit-1");
        _host = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        _mappingId = (await _pool.VolumeAsync("v", hostId: _host.Id)).Mappings[0].Id;
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Rotate_UnitAway_TellsTheFormerSecretUntilTheUnitAdmitsBoth()
    {
        ConnectLeg before = await ToldAsync();
        _pool.Station.Cut(_unitId);
        await RotateAsync(overlapHours: 24);
        Assert.Equal((before.ChapSecret, before.TargetChapSecret), await SecretsToldAsync());

        _pool.Station.Connect(_unitId);
        await UntilAsync(async () => (await ToldAsync()).ChapSecret != before.ChapSecret);
        AccessSpec access = Assert.Single(_pool.Station.Served(_unitId)!.Targets[0].Access);
        IReadOnlyDictionary<string, string> secrets = _pool.Station.Secrets(_unitId);
        ConnectLeg after = await ToldAsync();
        Assert.Equal((after.ChapSecret, before.ChapSecret), (secrets[access.ChapSecretReference!], secrets[access.ChapFormerSecretReference!]));
        Assert.Equal((after.TargetChapSecret, before.TargetChapSecret), (secrets[access.TargetChapSecretReference!], secrets[access.TargetChapFormerSecretReference!]));
        Assert.Equal(4, secrets.Values.Distinct().Count());
    }

    [Fact]
    public async Task Overlap_AtItsEnd_TakesTheFormerSecretFromTheUnit()
    {
        await RotateAsync(overlapHours: 24);
        await UntilAsync(async () => (await Services.HostSecrets.GetAsync(SimulatedPool.Admin, _host.Id, default)).Units[0].AcceptedAt is not null);
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.NotNull(Access().ChapFormerSecretReference);
        _clock.Advance(TimeSpan.FromHours(1));
        await UntilAsync(() => Task.FromResult(Access().ChapFormerSecretReference is null));
        Assert.False((await Services.HostSecrets.GetAsync(SimulatedPool.Admin, _host.Id, default)).Units[0].Rotating);
        Assert.Equal((await ToldAsync()).ChapSecret, _pool.Station.Secrets(_unitId)[Access().ChapSecretReference!]);
    }

    /// <summary>Two rotations before the unit heard of the first: were the second one granted, the host's secret would admit nowhere.</summary>
    [Fact]
    public async Task Rotate_AgainBeforeTheUnitAdmitsTheFirst_ChangesNothing()
    {
        ConnectLeg before = await ToldAsync();
        _pool.Station.Cut(_unitId);
        await RotateAsync(overlapHours: 24);
        await RotateAsync(overlapHours: 24);
        _pool.Station.Connect(_unitId);
        await UntilAsync(async () => (await ToldAsync()).ChapSecret != before.ChapSecret);
        Assert.Equal(before.ChapSecret, _pool.Station.Secrets(_unitId)[Access().ChapFormerSecretReference!]);
    }

    [Fact]
    public async Task Age_ReachesWhatTheHostAsksFor_RotatesByItself()
    {
        await Services.HostSecrets.RotateAsync(SimulatedPool.Admin, _host.Id, new SecretRotate(0, 30), default);
        await UntilAsync(async () => !(await Services.HostSecrets.GetAsync(SimulatedPool.Admin, _host.Id, default)).Units[0].Rotating);
        ConnectLeg young = await ToldAsync();
        _clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(young.ChapSecret, (await ToldAsync()).ChapSecret);
        _clock.Advance(TimeSpan.FromDays(1));
        // Ages are looked at once an hour.
        await UntilAsync(async () => (await ToldAsync()).ChapSecret != young.ChapSecret, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Secrets_OfAllKinds_AreInNoViewEventAuditLineOrLog()
    {
        await RotateAsync(overlapHours: 24);
        await UntilAsync(async () => (await Services.HostSecrets.GetAsync(SimulatedPool.Admin, _host.Id, default)).Units[0].AcceptedAt is not null);
        string[] secrets = [.. _pool.Station.Secrets(_unitId).Values];
        Assert.Equal(4, secrets.Length);
        List<string> texts =
        [
            JsonSerializer.Serialize(await Services.Hosts.ListAsync(SimulatedPool.Admin, new ListQuery(), default), ApiJson.Default.HostPage),
            JsonSerializer.Serialize(await Services.HostSecrets.GetAsync(SimulatedPool.Admin, _host.Id, default), ApiJson.Default.HostSecrets),
            JsonSerializer.Serialize(await Services.Volumes.ListAsync(SimulatedPool.Admin, new ListQuery(), default), ApiJson.Default.VolumePage),
            JsonSerializer.Serialize(await Services.Mappings.ListAsync(SimulatedPool.Admin, new ListQuery(), default), ApiJson.Default.MappingPage),
            JsonSerializer.Serialize(await Services.Operations.ListAsync(SimulatedPool.Admin, new ListQuery(), default), ApiJson.Default.OperationPage),
            JsonSerializer.Serialize(await Services.Units.ListAsync(SimulatedPool.Admin, new ListQuery(), default), ApiJson.Default.UnitPage),
            JsonSerializer.Serialize(_pool.Station.Served(_unitId)!, UnitLinkJson.Default.UnitConfiguration),
            .. (await Services.Events.RecentAsync(1000, default)).Select(one => one.Message),
            .. await _pool.Store.ReadAsync(transaction => transaction.AuditAfter(0, 1000).Select(line => line.ToString()).ToArray(), default),
            .. await _pool.Store.ReadAsync(transaction => transaction.Table<VSan.Station.Domain.Operation>().Page(null, 1000).Select(one => one.ToString()).ToArray(), default),
            .. await _pool.Store.ReadAsync(transaction => transaction.Table<GivenAnswer>().Page(null, 1000).Select(one => one.Answer).ToArray(), default),
            .. _pool.Station.Warnings,
            (await ToldAsync()).ToString(),
            (await InfoAsync()).ToString(),
            new VSan.Contracts.BlockServer.ChapCredential("u", secrets[0]) { FormerSecret = secrets[1] }.ToString(),
        ];
        Assert.All(texts, text => Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.Ordinal)));

        // The control: where a secret belongs, the search finds it.
        string told = JsonSerializer.Serialize(await InfoAsync(), ApiJson.Default.ConnectInfo);
        Assert.Contains(secrets, secret => told.Contains(secret, StringComparison.Ordinal));
    }

    private AccessSpec Access() => Assert.Single(_pool.Station.Served(_unitId)!.Targets[0].Access);

    private Task<ConnectInfo> InfoAsync() => Services.Mappings.ConnectInfoAsync(SimulatedPool.Admin, _mappingId, default);

    private async Task<ConnectLeg> ToldAsync() => Assert.Single((await InfoAsync()).Legs);

    private async Task<(string, string?)> SecretsToldAsync() => await ToldAsync() is var told ? (told.ChapSecret, told.TargetChapSecret) : default;

    private Task<VSan.Contracts.Api.HostSecrets> RotateAsync(int overlapHours) => Services.HostSecrets.RotateAsync(SimulatedPool.Admin, _host.Id, new SecretRotate(overlapHours, null), default);

    private Task UntilAsync(Func<Task<bool>> condition, TimeSpan? step = null) => StationTests.UntilAsync(() =>
    {
        _clock.Advance(step ?? TimeSpan.FromSeconds(1));
        if (_pool.Station.IsConnected(_unitId)) _pool.Station.Report(_unitId);
        return condition();
    });
}
