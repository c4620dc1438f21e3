using VSan.Contracts.BlockServer;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using VSan.Tests.Simulation.Invariants;
using VSan.Tests.Simulation.Kernel;

namespace VSan.Tests.Simulation.World;

/// <summary>A pool in one thread: a station, units, people who ask for volumes, hosts that use them, and misfortune.</summary>
internal sealed class SimWorld
{
    private readonly InMemoryStore _disk;
    private readonly IReadOnlyList<Invariant> _invariants;
    private readonly Dictionary<Guid, SimUnit> _unitsById;
    private readonly List<Violation> _violations = [];

    public SimWorld(Simulator simulation, int unitCount, IReadOnlyList<Invariant> invariants)
    {
        (Simulation, _invariants) = (simulation, invariants);
        _disk = new InMemoryStore(at => NewId(at));
        Network = new SimNetwork(this);
        Units = [.. Enumerable.Range(1, unitCount).Select(index => new SimUnit(this, index))];
        _unitsById = Units.ToDictionary(unit => unit.Id);
        Station = new SimStation(this, _disk);
    }

    public Simulator Simulation { get; }

    public Faults Faults { get; private set; } = new();

    public SimNetwork Network { get; }

    public IReadOnlyList<SimUnit> Units { get; }

    /// <summary>The station's process now; a dead one between its death and its next start.</summary>
    public SimStation Station { get; private set; }

    /// <summary>What people asked for and were told.</summary>
    public Ledgers Ledgers { get; } = new();

    /// <summary>Promises that were broken so far.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    public SimUnit Unit(Guid id) => _unitsById[id];

    /// <summary>An identity of version 7, by chance that can be repeated.</summary>
    public Guid NewId(DateTimeOffset? at = null)
    {
        Span<byte> bytes = stackalloc byte[16];
#pragma warning disable CA5394 // Repeatable on purpose.
        Simulation.Random.NextBytes(bytes);
#pragma warning restore CA5394
        long milliseconds = (at ?? Simulation.Now).ToUnixTimeMilliseconds();
        for (int index = 0; index < 6; index++) bytes[index] = (byte)(milliseconds >> (8 * (5 - index)));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Looks at what the store holds.</summary>
    public T Look<T>(Func<IStationTransaction, T> look) => _disk.ReadAsync(look, CancellationToken.None).Result;

    /// <summary>Misfortune begins.</summary>
    public void Trouble(Faults faults)
    {
        Faults = faults;
        foreach (SimUnit unit in Units) (unit.Files.KillChance, unit.Files.ErrorChance) = (faults.PowerLossChance, faults.DiskErrorChance);
        new Misfortune(this).Begin();
    }

    /// <summary>Misfortune ends: nothing more is lost or cut, and what is down comes back by itself.</summary>
    public void Heal()
    {
        Simulation.Note("healed");
        EndFaults();
        foreach (SimUnit unit in Units)
        {
            SimLink link = Network.Of(unit.Id);
            link.CutToStationUntil = link.CutToUnitUntil = default;
            unit.Process.Skew = TimeSpan.Zero;
        }
    }

    public void KillStation()
    {
        if (!Station.Process.Alive) return;
        Simulation.Note("station dies");
        Station.Process.Kill();
        foreach (SimUnit unit in Units) Network.Break(unit);
        Simulation.After(Simulation.Between(0.3, 20), () =>
        {
            Simulation.Note("station starts");
            Station = new SimStation(this, _disk);
        });
    }

    public void OnServed(SimUnit unit, BlockServerConfiguration configuration)
    {
        Simulation.Note($"{unit.Name} serves {configuration.Generation} with {configuration.Volumes.Count}");
        Check(invariant => invariant.OnServed(this, unit, configuration));
    }

    public void OnAccepted(SimUnit unit, long generation) => Check(invariant => invariant.OnAccepted(this, unit, generation));

    public void OnDeleted(SimUnit unit, string path, SimFile file)
    {
        if (path.EndsWith(".img", StringComparison.Ordinal)) Check(invariant => invariant.OnDeleted(this, unit, path, file));
    }

    public void OnHostRead(HostRead read) => Check(invariant => invariant.OnHostRead(this, read));

    /// <summary>The run is over.</summary>
    public void End()
    {
        Station.Process.Kill();
        foreach (SimUnit unit in Units) unit.Process.Kill();
    }

    /// <summary>Looks whether everything is as it should be now that nothing goes wrong any more.</summary>
    public void CheckAtRest(bool allUp)
    {
        foreach (SimProcess process in Units.Select(unit => unit.Process).Append(Station.Process))
            if (process is { Alive: true, Failure: { } failure }) _violations.Add(new Violation("crash", $"{process.Name} ended by itself: {failure}"));
        Check(invariant => invariant.AtRest(this, allUp));
    }

    private void EndFaults()
    {
        Faults = new Faults();
        foreach (SimUnit unit in Units) (unit.Files.KillChance, unit.Files.ErrorChance) = (0, 0);
    }

    private void Check(Func<Invariant, string?> look)
    {
        foreach (Invariant invariant in _invariants)
        {
            if (look(invariant) is not { } broken) continue;
            Simulation.Note($"VIOLATION {invariant.Name}");
            Simulation.Trace?.WriteLine($"  {broken}");
            _violations.Add(new Violation(invariant.Name, broken));
        }
    }
}

/// <summary>A promise that was broken.</summary>
internal sealed record Violation(string Invariant, string What);
