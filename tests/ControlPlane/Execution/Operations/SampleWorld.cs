using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution.Operations;

/// <summary>A station with one unit and one host, in which an operation is asked for; and what can be seen of it from outside.</summary>
internal sealed class SampleWorld(SimulatedStation station, SimulatedAgent? agent = null)
{
    private SimulatedAgent? _agent = agent;

    public const long VolumeBytes = 1 << 30;

    /// <summary>The version that a unit is updated to.</summary>
    public const string NewVersion = "0.2.0";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public SimulatedStation Station { get; } = station;

    public StationServices Services => Station.Services;

    public Guid UnitId { get; private set; }

    /// <summary>A second unit, in samples that need one.</summary>
    public Guid? OtherUnitId { get; private set; }

    /// <summary>A third unit, in samples that need one.</summary>
    public Guid? ThirdUnitId { get; private set; }

    /// <summary>Which leg of the volume lies on the first unit.</summary>
    public int LegIndex { get; private set; }

    public Guid HostId { get; private set; }

    public Guid VolumeId { get; private set; }

    public Guid MappingId { get; private set; }

    public Guid SnapshotId { get; private set; }

    public Guid ShareId { get; private set; }

    public Guid BindingId { get; private set; }

    /// <summary>The same world after the death of its station.</summary>
    public SampleWorld After(SimulatedStation next) => new(next, _agent?.With(next))
    {
        ThirdUnitId = ThirdUnitId,
        LegIndex = LegIndex,
        UnitId = UnitId,
        OtherUnitId = OtherUnitId,
        HostId = HostId,
        VolumeId = VolumeId,
        MappingId = MappingId,
        SnapshotId = SnapshotId,
        ShareId = ShareId,
        BindingId = BindingId,
    };

    public async Task PrepareAsync()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TokenCreated token = await Services.Tokens.CreateAsync(SimulatedStation.Admin, new TokenCreate(null, null, null), null, default);
        StartupPacket packet = Station.Prove(SimulatedStation.Packet("unit-1", key), token.Secret);
        await Services.Enrolment.AdmitAsync(packet, "peer", default);
        UnitId = packet.MemberId;
        await ConnectAsync();
        HostId = (await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default)).Id;
    }

    public async Task ConnectAsync()
    {
        foreach (Guid unitId in new[] { UnitId, OtherUnitId ?? UnitId, ThirdUnitId ?? UnitId }.Distinct())
        {
            Station.Connect(unitId);
            await StationTests.UntilAsync(async () => (await Services.Units.GetAsync(SimulatedStation.Admin, unitId, default)).State is UnitState.Ready or UnitState.Draining or UnitState.Drained);
        }
    }

    /// <summary>Has a second unit join.</summary>
    public async Task JoinOtherAsync() => OtherUnitId = await Station.JoinAsync("unit-2");

    /// <summary>Makes the volume that the operation under test is about.</summary>
    public async Task MakeVolumeAsync(bool mapped)
    {
        // Simulated units send no reports: on a busy machine this one may count as silent by now.
        Station.Connect(UnitId);
        VolumeAccepted made = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", VolumeBytes, null, null, mapped ? HostId : null, null), null, default);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(made.Operation.Id)).State);
        VolumeId = made.Volume.Id;
        MappingId = (await Services.Volumes.GetAsync(SimulatedStation.Admin, VolumeId, default)).Mappings.Select(mapping => mapping.Id).FirstOrDefault();
    }

    /// <summary>Makes a mirror over two units that its host has in use, and has a third unit join.</summary>
    public async Task MakeMirrorInUseAsync()
    {
        Station.Connect(UnitId);
        await JoinOtherAsync();
        VolumeAccepted made = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", VolumeBytes, null, null, HostId, null) { Layout = "mirror-2" }, null, default);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(made.Operation.Id)).State);
        Volume volume = await Services.Volumes.GetAsync(SimulatedStation.Admin, made.Volume.Id, default);
        (VolumeId, MappingId, LegIndex) = (volume.Id, volume.Mappings[0].Id, volume.Legs.Single(leg => leg.UnitId == UnitId).Index);
        _agent = await SimulatedAgent.RunAsync(Station, HostId, MappingId);
        ThirdUnitId = await Station.JoinAsync("unit-3");
    }

    /// <summary>Takes the snapshot that the operation under test is about.</summary>
    public async Task TakeSnapshotAsync()
    {
        SnapshotsAccepted taken = await Services.Snapshots.CreateAsync(SimulatedStation.Admin, new SnapshotGroupCreate("s", [VolumeId]), null, default);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(taken.Operation.Id)).State);
        SnapshotId = taken.Snapshots[0].Id;
    }

    /// <summary>Makes the share that the operation under test is about.</summary>
    public async Task MakeShareAsync(bool bound)
    {
        Station.Connect(UnitId);
        ShareAccepted made = await Services.Shares.CreateAsync(SimulatedStation.Admin, new ShareCreate("f", VolumeBytes), null, default);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(made.Operation.Id)).State);
        ShareId = made.Share.Id;
        if (!bound) return;
        ShareBound binding = await Services.Shares.BindAsync(SimulatedStation.Admin, ShareId, new ShareBind(HostId, null), null, default);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(binding.Operation.Id)).State);
        BindingId = binding.Binding.Id;
    }

    /// <summary>Claims the unit's blank disk, once the unit has described it.</summary>
    public async Task<DiskClaimResult> ClaimDiskAsync(string key)
    {
        await StationTests.UntilAsync(async () => (await Services.Disks.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items.Count > 0);
        return await Services.Disks.ClaimAsync(SimulatedStation.Admin, new DiskClaimCreate(UnitId, [SimulatedStation.BlankDisk.DiskId], null, null), key, default);
    }

    /// <summary>The operation when it has ended or needs a person.</summary>
    public Task<Operation> EndedAsync(Guid operationId) => Services.Operations.WaitAsync(operationId, Deadline, default);

    private string Other() =>
        OtherUnitId is { } id && Station.Served(id) is { } served ? $"\nother legs {served.Legs.Count} copies {served.Copies?.Count ?? 0}{Third()}" : string.Empty;

    private string Third() =>
        ThirdUnitId is { } id ? $"\nthird legs {Station.Served(id)?.Legs.Count ?? 0} luns {Station.Served(id)?.Targets[0].Access.Sum(access => access.Luns.Count) ?? 0}" : string.Empty;

    /// <summary>Everything that an operation may change, but for generations and history.</summary>
    public async Task<string> LookAsync()
    {
        UnitConfiguration served = Station.Served(UnitId)!;
        VolumePage volumes = await Services.Volumes.ListAsync(SimulatedStation.Admin, new ListQuery(), default);
        MappingPage mappings = await Services.Mappings.ListAsync(SimulatedStation.Admin, new ListQuery(), default);
        SnapshotPage snapshots = await Services.Snapshots.ListAsync(SimulatedStation.Admin, new ListQuery(), default);
        SharePage shares = await Services.Shares.ListAsync(SimulatedStation.Admin, new ListQuery(), default);
        Pool pool = await Services.Pool.GetAsync(SimulatedStation.Admin, default);
        return string.Join(
            '\n',
            $"promised {pool.PromisedBytes}",
            $"volumes {string.Join(' ', volumes.Items.Select(volume => $"{volume.Name}:{volume.State}"))}",
            $"mappings {string.Join(' ', mappings.Items.Select(mapping => $"{mapping.VolumeName}:{mapping.State}"))}",
            $"snapshots {string.Join(' ', snapshots.Items.Select(snapshot => $"{snapshot.Name}:{snapshot.State}"))}",
            $"served legs {served.Legs.Count} luns {served.Targets[0].Access.Sum(access => access.Luns.Count)} snapshots {served.Snapshots.Count} disks {served.Disks?.Count ?? 0}{Other()}",
            $"shares {string.Join(' ', shares.Items.Select(share => $"{share.Name}:{share.State}:{share.Certificate}:{string.Join(',', share.Bindings.Select(binding => $"{binding.Holder}:{binding.State}"))}"))} served {served.Shares.Count} let in {served.Shares.Sum(share => share.Access.Count)}");
    }
}
