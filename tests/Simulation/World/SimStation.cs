using System.Security.Cryptography;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using VSan.Tests.Simulation.Kernel;

namespace VSan.Tests.Simulation.World;

/// <summary>The station: the product's own services on a store that is durable at each commit. It may die before or after any of them.</summary>
internal sealed class SimStation : IUnitLinks, ICertificateAuthority, ISecretProtector, IStationLog, IStationStore
{
    private readonly SimWorld _world;
    private readonly InMemoryStore _disk;

    public SimStation(SimWorld world, InMemoryStore disk)
    {
        (_world, _disk) = (world, disk);
        Process = new SimProcess(world.Simulation, "station");
        StationServices? services = null;
        Process.Enter(() => services = StationServices.Create(this, this, this, this, Process.Time, this));
        Services = services!;
        Process.Start(() => Services.RunAsync(CancellationToken.None));
    }

    public SimProcess Process { get; }

    public StationServices Services { get; }

    public CaFingerprint Fingerprint { get; } = CaFingerprint.TryParse($"sha256:{new string('a', 64)}", out CaFingerprint? parsed) ? parsed : throw new InvalidOperationException();

    public string Issue(Guid memberId, MemberKind kind, string certificateRequestBase64) => "certificate";

    public byte[] Protect(ReadOnlySpan<byte> secret) => secret.ToArray();

    public byte[] Unprotect(ReadOnlySpan<byte> protectedSecret) => protectedSecret.ToArray();

    public bool IsConnected(Guid unitId) => _world.Network.Of(unitId).ConnectedTo == this;

    public void End(Guid unitId) => _world.Network.Break(_world.Unit(unitId));

    public Task<UnitInventory> EnquireAsync(Guid unitId, CancellationToken cancellationToken) =>
        _world.Network.AskAsync(this, unitId, unit => Task.FromResult(unit.Inventory()), isPush: false);

    public Task<FoundLegPage> LegsAsync(Guid unitId, Guid after, bool unservedOnly, CancellationToken cancellationToken) =>
        _world.Network.AskAsync(this, unitId, unit => Task.FromResult(unit.Legs.Page(after, unservedOnly)), isPush: false);

    public byte[] Sign(ReadOnlySpan<byte> content) => SHA256.HashData(content);

    public bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => SHA256.HashData(content).AsSpan().SequenceEqual(signature);

    public Task<ConfigurationStatus> PushAsync(Guid unitId, ConfigurationPush push, CancellationToken cancellationToken)
    {
        _world.Simulation.Note($"push {_world.Unit(unitId).Name} {push.Configuration.Generation}");
        return _world.Network.AskAsync(this, unitId, unit => SimNetwork.PushAsync(_world, unit, push), isPush: true);
    }

    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken) => _disk.ReadAsync(read, cancellationToken);

    public async Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken)
    {
        await Task.Delay(_world.Simulation.Between(0.0005, 0.005), Process.Time, cancellationToken);
        if (DiesHere()) throw new KilledException();
        T result = await _disk.WriteAsync(write, cancellationToken);
        if (DiesHere()) throw new KilledException();
        return result;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Information(string message)
    {
    }

    public void Warning(string message, Exception? exception = null) => _world.Simulation.Trace?.WriteLine($"  station warns: {message}");

    private bool DiesHere()
    {
        if (!_world.Simulation.Chance(_world.Faults.StationKillChance)) return false;
        _world.KillStation();
        return true;
    }
}
