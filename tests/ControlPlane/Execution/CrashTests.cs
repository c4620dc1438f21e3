using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>The station dies before or after each of its commits; the next one, on the same file, ends the operation exactly once.</summary>
public sealed class CrashTests : IDisposable
{
    private const int CommitsMax = 12;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-crash-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("volume.create", true)]
    [InlineData("volume.create", false)]
    [InlineData("mapping.create", true)]
    [InlineData("mapping.create", false)]
    [InlineData("mapping.delete", true)]
    [InlineData("mapping.delete", false)]
    [InlineData("snapshot.create", true)]
    [InlineData("snapshot.create", false)]
    [InlineData("snapshot.delete", true)]
    [InlineData("snapshot.delete", false)]
    [InlineData("volume.delete", true)]
    [InlineData("volume.delete", false)]
    public async Task Operation_StationDiesAtEachCommit_EndsExactlyOnce(string kind, bool afterCommit)
    {
        int died = 0;
        for (int commit = 1; commit <= CommitsMax; commit++)
            if (await DieAndGoOnAsync(kind, commit, afterCommit)) died++;
        Assert.InRange(died, 2, CommitsMax);
    }

    private async Task<bool> DieAndGoOnAsync(string kind, int commit, bool afterCommit)
    {
        string path = Path.Combine(_directory.FullName, $"{commit}.db");
        bool died;
        Subject subject;
        SimulatedStation first;
        await using (MortalStore store = new(SqliteStore.Open(path)))
        {
            first = new SimulatedStation(store);
            using CancellationTokenSource end = new();
            Task running = first.Services.RunAsync(end.Token);
            subject = await PrepareAsync(first, kind);
            store.DieAt(commit, afterCommit);
            Guid? operation = await TryAskAsync(first, subject, kind);
            if (operation is { } id) await Task.WhenAny(store.Death, Ended(first, id));
            died = store.Death.IsCompleted;
            await end.CancelAsync();
            await running.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await using SqliteStore again = SqliteStore.Open(path);
        SimulatedStation second = new(again, before: first);
        using CancellationTokenSource ending = new();
        Task going = second.Services.RunAsync(ending.Token);
        second.Connect(subject.UnitId);
        await StationTests.UntilAsync(async () => (await second.Services.Units.GetAsync(SimulatedStation.Admin, subject.UnitId, default)).State == UnitState.Ready);
        if (await TryAskAsync(second, subject, kind) is { } asked) await Ended(second, asked);
        await AssertDoneAsync(second, subject, kind);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => going);
        return died;
    }

    private static Task<Operation> Ended(SimulatedStation station, Guid operation) => station.Services.Operations.WaitAsync(operation, Deadline, default);

    private static async Task<Subject> PrepareAsync(SimulatedStation station, string kind)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        StationServices services = station.Services;
        TokenCreated token = await services.Tokens.CreateAsync(SimulatedStation.Admin, new TokenCreate(null, null, null), null, default);
        VSan.Contracts.Enrolment.StartupPacket packet = station.Prove(SimulatedStation.Packet("unit-1", key), token.Secret);
        await services.Enrolment.AdmitAsync(packet, "peer", default);
        station.Connect(packet.MemberId);
        await StationTests.UntilAsync(async () => (await services.Units.GetAsync(SimulatedStation.Admin, packet.MemberId, default)).State == UnitState.Ready);
        Host host = await services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        Subject subject = new(packet.MemberId, host.Id, Guid.Empty, Guid.Empty);
        if (kind == "volume.create") return subject;
        VolumeCreate request = new("v", 1 << 30, null, null, kind == "mapping.delete" ? host.Id : null, null);
        VolumeAccepted volume = await services.Volumes.CreateAsync(SimulatedStation.Admin, request, null, default);
        await Ended(station, volume.Operation.Id);
        IReadOnlyList<Mapping> mappings = (await services.Mappings.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items;
        subject = subject with { VolumeId = volume.Volume.Id, MappingId = mappings.Count == 0 ? Guid.Empty : mappings[0].Id };
        if (kind != "snapshot.delete") return subject;
        SnapshotsAccepted snapshot = await services.Snapshots.CreateAsync(SimulatedStation.Admin, new SnapshotGroupCreate("s", [subject.VolumeId]), null, default);
        await Ended(station, snapshot.Operation.Id);
        return subject with { SnapshotId = snapshot.Snapshots[0].Id };
    }

    // Null when the station died over it, or when nothing is left to ask for.
    private static async Task<Guid?> TryAskAsync(SimulatedStation station, Subject subject, string kind)
    {
        StationServices services = station.Services;
        try
        {
            return kind switch
            {
                "volume.create" => (await services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, subject.HostId, null), "key", default)).Operation.Id,
                "mapping.create" => (await services.Mappings.CreateAsync(SimulatedStation.Admin, new MappingCreate(subject.VolumeId, subject.HostId, null), "key", default)).Operation.Id,
                "snapshot.create" => (await services.Snapshots.CreateAsync(SimulatedStation.Admin, new SnapshotGroupCreate("s", [subject.VolumeId]), "key", default)).Operation.Id,
                "snapshot.delete" => (await services.Snapshots.DeleteAsync(SimulatedStation.Admin, subject.SnapshotId, default)).Id,
                "mapping.delete" => (await services.Mappings.DeleteAsync(SimulatedStation.Admin, subject.MappingId, default)).Id,
                _ => (await services.Volumes.DeleteAsync(SimulatedStation.Admin, subject.VolumeId, default)).Id,
            };
        }
        catch (Exception error) when (error is IOException or ProblemException { Code: "not-found" })
        {
            return null;
        }
    }

    private static async Task AssertDoneAsync(SimulatedStation station, Subject subject, string kind)
    {
        StationServices services = station.Services;
        Operation operation = Assert.Single((await services.Operations.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items, one => one.Kind == kind);
        Assert.Equal((OperationState.Succeeded, 100), (operation.State, operation.Percent));
        bool hasVolume = kind != "volume.delete";
        bool hasMapping = kind is "volume.create" or "mapping.create";
        Assert.Equal(hasVolume ? 1 : 0, station.Served(subject.UnitId)!.Legs.Count);
        Assert.Equal(hasMapping ? 1 : 0, station.Served(subject.UnitId)!.Targets[0].Access.Sum(access => access.Luns.Count));
        Assert.Equal(kind == "snapshot.create" ? 1 : 0, station.Served(subject.UnitId)!.Snapshots.Count);
        Assert.Equal((hasVolume ? 1L << 30 : 0) + (kind == "snapshot.create" ? SimulatedStation.SnapshotBytes : 0), (await services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
        Assert.All((await services.Volumes.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items, volume => Assert.Equal(VolumeState.Ready, volume.State));
        IReadOnlyList<Mapping> mappings = (await services.Mappings.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items;
        Assert.Equal(hasMapping ? 1 : 0, mappings.Count);
        Assert.All(mappings, mapping => Assert.Equal(MappingState.Active, mapping.State));
    }

    private sealed record Subject(Guid UnitId, Guid HostId, Guid VolumeId, Guid MappingId)
    {
        public Guid SnapshotId { get; init; }
    }
}
