using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class DiskServiceTests : IAsyncLifetime, IDisposable
{
    private const long Terabyte = 1L << 40;

    private readonly SimulatedStation _station = new(new InMemoryStore());
    private readonly CancellationTokenSource _stop = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private Task _running = Task.CompletedTask;
    private Guid _unit;

    private static Caller Admin => SimulatedStation.Admin;

    private StationServices Services => _station.Services;

    public async Task InitializeAsync()
    {
        _station.Distort = inventory => inventory with { Disks = [Disk("blank", DiskState.Blank), Disk("ext4", DiskState.Foreign), Disk("old", DiskState.Blank) with { Media = DiskMedia.Rotational }] };
        _running = Services.RunAsync(_stop.Token);
        TokenCreated token = await Services.Tokens.CreateAsync(Admin, new TokenCreate(null, null, null), null, default);
        StartupPacket packet = _station.Prove(SimulatedStation.Packet("unit-1", _key), token.Secret);
        await Services.Enrolment.AdmitAsync(packet, "peer", default);
        _unit = packet.MemberId;
        _station.Connect(_unit);
        await StationTests.UntilAsync(async () => (await Services.Units.GetAsync(Admin, _unit, default)).State == UnitState.Ready);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _key.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task DryRun_SaysWhatWouldBeClaimed_AndClaimsNothing()
    {
        DiskClaimResult result = await Services.Disks.ClaimAsync(Admin, new DiskClaimCreate(null, null, Any, DryRun: true), null, default);

        Assert.Equal(["blank", "old"], result.Disks.Where(verdict => verdict.Claims).Select(verdict => verdict.Disk.Id));
        Assert.Contains("ext4", result.Disks.Single(verdict => !verdict.Claims).Reason, StringComparison.Ordinal);
        Assert.Empty(result.Operations);
        Assert.DoesNotContain((await Services.Disks.ListAsync(Admin, new ListQuery(), default)).Items, disk => disk.Claimed);
    }

    [Fact]
    public async Task Claim_Blank_IsAnOperationThatTheUnitIsHandedOnce()
    {
        DiskClaimCreate request = new(_unit, ["blank"], null, null);
        DiskClaimResult result = await Services.Disks.ClaimAsync(Admin, request, null, default);
        Operation ended = await Services.Operations.WaitAsync(Assert.Single(result.Operations).Id, TimeSpan.FromSeconds(30), default);

        Assert.Equal((OperationState.Succeeded, "disk.claim"), (ended.State, ended.Kind));
        DiskClaimSpec spec = Assert.Single(_station.Served(_unit)!.Disks!);
        Assert.Equal(("blank", Terabyte), (spec.DiskId, spec.SizeBytes));
        Assert.Equal("disk-not-blank", await ProblemOf(Services.Disks.ClaimAsync(Admin, request, null, default)));

        await Services.Disks.ReleaseAsync(Admin, new DiskRelease(spec.StoreId), default);
        await StationTests.UntilAsync(() => Task.FromResult(_station.Served(_unit)!.Disks is null));
    }

    [Fact]
    public async Task Claim_Foreign_IsRefusedForEverybody()
    {
        Assert.Equal("disk-not-blank", await ProblemOf(Services.Disks.ClaimAsync(Admin, new DiskClaimCreate(_unit, ["ext4"], null, null), null, default)));
        Assert.Equal("not-found", await ProblemOf(Services.Disks.ClaimAsync(Admin, new DiskClaimCreate(_unit, ["none"], null, null), null, default)));
        Assert.Equal("forbidden", await ProblemOf(Services.Disks.ClaimAsync(Caller.Of("v", Role.Viewer), new DiskClaimCreate(_unit, ["blank"], null, null), null, default)));
        Assert.Null(_station.Served(_unit)!.Disks);
    }

    [Fact]
    public async Task Rule_Matches_ClaimsBlankDisksAndNoOthers()
    {
        await Services.ClaimRules.CreateAsync(Admin, new ClaimRuleCreate("flash", Any with { Media = DiskMedia.Nvme }), null, default);
        await StationTests.UntilAsync(() => Task.FromResult(_station.Served(_unit)!.Disks is { Count: 1 }));

        Disk claimed = (await Services.Disks.ListAsync(Admin, new ListQuery(), default)).Items.Single(disk => disk.Claimed);
        Assert.Equal("blank", claimed.Id);
        Assert.Contains((await Services.Operations.ListAsync(Admin, new ListQuery(), default)).Items, operation => operation.RequestedBy == "rule flash");
    }

    [Fact]
    public void Inventory_TwoDisksOfOneName_IsRefused()
    {
        UnitInventory inventory = new(_unit, [], [], default, [Disk("twin", DiskState.Blank), Disk("twin", DiskState.Blank)]);
        Assert.Throws<InvalidDataException>(() => UnitIntake.Take(null!, default, _unit, inventory));
    }

    [Fact]
    public async Task Rule_ForEveryDisk_IsRefused() =>
        Assert.Equal("invalid-field", await ProblemOf(Services.ClaimRules.CreateAsync(Admin, new ClaimRuleCreate("all", Any), null, default)));

    private static DiskSelector Any => new(null, null, null, null, null);

    private static DiskInventory Disk(string id, DiskState state) =>
        new(id, $"/dev/{id}", "model", "", "", Terabyte, DiskMedia.Nvme, null, state, state == DiskState.Blank ? null : id, null);

    private static async Task<string> ProblemOf(Task request) => (await Assert.ThrowsAsync<ProblemException>(() => request)).Code;
}
