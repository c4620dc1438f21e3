using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.UnitLink;
using VSan.Tests.Simulation.Kernel;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Reconcile;

namespace VSan.Tests.Simulation.World;

/// <summary>A unit: a disk, a block server, and an agent that runs the product's own deciding code. Each can die alone, or all at once with the power.</summary>
internal sealed class SimUnit
{
    public const string Portal = "10.0.0.1:3260";

    private const string StatePath = "/state";
    private readonly SimWorld _world;
    private readonly SimStore _store;

    public SimUnit(SimWorld world, int index)
    {
        _world = world;
        Name = $"unit-{index}";
        Id = world.NewId();
        Files = new SimFiles(world.Simulation, Name);
        _store = new SimStore(world.NewId(), "/store", Files);
        Foreign = $"{_store.Directory}/somebody.img";
        Files.Plant(Foreign, "not ours"u8.ToArray());
        BlockServer = new SimBlockServer(Files) { OnApplied = configuration => world.OnServed(this, configuration) };
        Files.OnDelete = (path, file) => world.OnDeleted(this, path, file);
        Files.OnKill = LosePower;
        Process = Boot();
    }

    public string Name { get; }

    public Guid Id { get; }

    public SimFiles Files { get; }

    public SimBlockServer BlockServer { get; }

    /// <summary>Both of its processes are started again while it is, each without the other.</summary>
    public bool Powered { get; private set; } = true;

    /// <summary>The agent's process now.</summary>
    public SimProcess Process { get; private set; }

    /// <summary>The agent's deciding part; null while it is down.</summary>
    public Reconciler? Reconciler { get; private set; }

    /// <summary>What lies on its store.</summary>
    public LegFindings Legs { get; private set; } = null!;

    /// <summary>Somebody's file on the store, which nobody may touch.</summary>
    public string Foreign { get; }

    /// <summary>The highest generation that the unit told anybody it has accepted.</summary>
    public long ToldGeneration { get; set; }

    /// <summary>The agent's files, as a new agent would find them.</summary>
    public ConfigurationStore ReadState() => new(Files, StatePath);

    public UnitInventory Inventory() => new(Id, [Portal], [_store.Inspect()], Process.Time.GetUtcNow()) { IdleLegs = Legs.Idle(), LockEpoch = Legs.LockEpoch };

    public UnitReport Report() => new(Id, Guid.Empty, 1, Reconciler!.State.Value.Status, BlockServer.Running, 0, [_store.Inspect()]);

    /// <summary>The agent dies; it is started again after a while.</summary>
    public void KillAgent(TimeSpan downFor)
    {
        _world.Simulation.Note($"{Name} agent dies");
        EndAgent();
        _world.Simulation.After(downFor, RestartAgent);
    }

    /// <summary>The power goes; the unit boots again after a while.</summary>
    public void LosePower()
    {
        _world.Simulation.Note($"{Name} power");
        EndAgent();
        (BlockServer.Running, Powered) = (false, false);
        Files.LosePower();
        _world.Simulation.After(_world.Simulation.Between(1, 20), () =>
        {
            (BlockServer.Running, Powered) = (true, true);
            RestartAgent();
        });
    }

    private void EndAgent()
    {
        Process.Kill();
        Reconciler = null;
        _world.Network.Break(this);
    }

    private void RestartAgent()
    {
        if (!Process.Alive) Process = Boot();
    }

    private SimProcess Boot()
    {
        SimProcess process = new(_world.Simulation, Name);
        Files.Owner = process;
        BlockServer.Answering = () => Task.Delay(_world.Simulation.Between(0.001, 0.05), process.Time);
        process.Start(async () =>
        {
            ConfigurationStore accepted = ReadState();
            Legs = new LegFindings(Id, _store, Files, accepted);
            using Reconciler reconciler = new(Id, accepted, _store, Files, BlockServer, [Portal], process.Time, NullLogger<Reconciler>.Instance);
            Reconciler = reconciler;
            _world.OnAccepted(this, reconciler.State.Value.Status.Generation);
            Task dialling = _world.Network.DialAsync(this, process);
            await Task.WhenAny(reconciler.RunAsync(CancellationToken.None), dialling);
            throw new InvalidOperationException($"{Name}: a loop of the agent ended.");
        });
        return process;
    }
}
