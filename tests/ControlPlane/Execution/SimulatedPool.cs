using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A running station with simulated units, and the first steps of most tests.</summary>
internal sealed class SimulatedPool : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;

    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="store">The station's memory; null for a new one.</param>
    /// <param name="before">The station that died: its units live on.</param>
    public SimulatedPool(TimeProvider? time = null, IStationStore? store = null, SimulatedStation? before = null)
    {
        Store = store ?? new InMemoryStore();
        Station = new SimulatedStation(Store, time, before);
        _running = Services.RunAsync(_ending.Token);
    }

    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(20);

    public static Caller Admin => SimulatedStation.Admin;

    public IStationStore Store { get; }

    public SimulatedStation Station { get; }

    public StationServices Services => Station.Services;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _ending.Dispose();
    }

    public async Task<Guid> JoinAsync(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TokenCreated token = await Services.Tokens.CreateAsync(Admin, new TokenCreate(null, null, null), null, default);
        StartupPacket packet = Station.Prove(SimulatedStation.Packet(name, key), token.Secret);
        await Services.Enrolment.AdmitAsync(packet, "peer", default);
        Station.Connect(packet.MemberId);
        await StationTests.UntilAsync(async () => (await Services.Units.GetAsync(Admin, packet.MemberId, default)).State == UnitState.Ready);
        return packet.MemberId;
    }

    public async Task<Volume> VolumeAsync(string name, Guid? unitId = null, Guid? hostId = null, long sizeBytes = 1L << 30, bool thin = true)
    {
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(Admin, new VolumeCreate(name, sizeBytes, null, thin, hostId, unitId), null, default);
        await EndedAsync(accepted.Operation);
        return await Services.Volumes.GetAsync(Admin, accepted.Volume.Id, default);
    }

    /// <summary>The operation as it ended.</summary>
    public async Task<Operation> EndedAsync(Operation operation)
    {
        Operation ended = await Services.Operations.WaitAsync(operation.Id, Deadline, default);
        return ended.EndedAt is null ? throw new TimeoutException($"{operation.Title} has not ended: {ended.Phase}") : ended;
    }

    public static async Task<string> ProblemOf(Task request)
    {
        try
        {
            await request;
        }
        catch (ProblemException problem)
        {
            return problem.Code;
        }

        return "granted";
    }
}
