using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Tests.Simulation.Kernel;
using VSan.UnitAgent.Configuration;

namespace VSan.Tests.Simulation.World;

/// <summary>
/// The network between units and the station: messages take their time, are lost, come twice and late, or do not pass in one direction or
/// at all for a while. A connection that is silent for too long is noticed and dialled anew.
/// </summary>
internal sealed class SimNetwork(SimWorld world)
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan EnquiryTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PushTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Guid, SimLink> _links = [];

    private Simulator Simulation => world.Simulation;

    /// <summary>What passes to and from a unit.</summary>
    public SimLink Of(Guid unitId)
    {
        if (!_links.TryGetValue(unitId, out SimLink? link)) _links.Add(unitId, link = new SimLink());
        return link;
    }

    /// <summary>A unit's connection is gone, whoever noticed it; the station hears of it a little later.</summary>
    public void Break(SimUnit unit)
    {
        SimLink link = Of(unit.Id);
        if (link.ConnectedTo is not { } station) return;
        link.ConnectedTo = null;
        link.Break();
        Simulation.Note($"{unit.Name} link breaks");
        station.Process.After(Simulation.Between(0.001, 0.1), () => station.Services.Presence.OnDisconnected(unit.Id));
    }

    /// <summary>The unit's part: dials whenever it is not connected, and reports each second.</summary>
    public async Task DialAsync(SimUnit unit, SimProcess process)
    {
        SimLink link = Of(unit.Id);
        for (TimeSpan wait = Simulation.Between(0, 0.1); ; wait = link.ConnectedTo is null ? Simulation.Between(0.2, 1) : TimeSpan.FromSeconds(1))
        {
            await Task.Delay(wait, process.Time);
            if (link.ConnectedTo is null) Connect(unit, link);
            else Report(unit, link);
        }
    }

    /// <summary>The station's part: asks a unit something, once or, by the network's doing, twice.</summary>
    public async Task<T> AskAsync<T>(SimStation station, Guid unitId, Func<SimUnit, Task<T>> ask, bool isPush)
    {
        SimUnit unit = world.Unit(unitId);
        SimLink link = Of(unitId);
        if (link.ConnectedTo != station) throw new IOException($"{unit.Name} is not connected.");
        TaskCompletionSource<T> answer = new();
        link.Broken += Fail;
        try
        {
            Deliver(unit, link, ask, answer, station);
            if (isPush && Simulation.Chance(world.Faults.DuplicateChance)) Simulation.After(Simulation.Between(0, 8), () => Deliver(unit, link, ask, new(), station));
            Task timeIsUp = Task.Delay(isPush ? PushTimeout : EnquiryTimeout, station.Process.Time);
            if (await Task.WhenAny(answer.Task, timeIsUp) == timeIsUp) throw new TimeoutException($"{unit.Name} did not answer in time.");
            return await answer.Task;
        }
        finally
        {
            link.Broken -= Fail;
        }

        void Fail() => station.Process.After(Simulation.Between(0, 0.05), () => answer.TrySetException(new IOException($"{unit.Name} hung up.")));
    }

    private void Deliver<T>(SimUnit unit, SimLink link, Func<SimUnit, Task<T>> ask, TaskCompletionSource<T> answer, SimStation station)
    {
        if (!link.PassesToUnit(Simulation, world.Faults)) return;
        SimProcess process = unit.Process;
        process.After(Delay(), () => process.Start(async () =>
        {
            object outcome;
            try
            {
                outcome = (await ask(unit))!;
            }
            catch (Exception error) when (error is not KilledException)
            {
                outcome = error;
            }

            if (!link.PassesToStation(Simulation, world.Faults)) return;
            station.Process.After(Delay(), () => _ = outcome is Exception error ? answer.TrySetException(error) : answer.TrySetResult((T)outcome));
        }));
    }

    private void Connect(SimUnit unit, SimLink link)
    {
        SimStation station = world.Station;
        if (!station.Process.Alive || !link.PassesToUnit(Simulation, world.Faults) || !link.PassesToStation(Simulation, world.Faults)) return;
        link.ConnectedTo = station;
        link.HeardAt = Simulation.Now;
        Simulation.Note($"{unit.Name} connects");
        station.Process.After(Delay(), () =>
        {
            if (link.ConnectedTo == station) station.Services.Presence.OnConnected(unit.Id);
        });
    }

    private void Report(SimUnit unit, SimLink link)
    {
        SimStation station = link.ConnectedTo!;
        if (!station.Process.Alive || Simulation.Now - link.HeardAt > SilenceMax)
        {
            Break(unit);
            return;
        }

        if (unit.Reconciler is null || !link.PassesToStation(Simulation, world.Faults)) return;
        if (link.PassesToUnit(Simulation, world.Faults)) link.HeardAt = Simulation.Now;
        UnitReport report = unit.Report();
        station.Process.After(Delay(), () =>
        {
            if (link.ConnectedTo == station) station.Services.Presence.OnReport(report);
        });
    }

    private TimeSpan Delay() => Simulation.Chance(world.Faults.LongDelayChance) ? Simulation.Between(0.5, 6) : Simulation.Between(0.0005, 0.02);

    /// <summary>What a unit answers to a push, as its link's endpoint does.</summary>
    public static async Task<ConfigurationStatus> PushAsync(SimWorld world, SimUnit unit, ConfigurationPush push)
    {
        if (unit.Reconciler is not { } reconciler) throw new IOException($"{unit.Name} is starting.");
        (Verdict verdict, ConfigurationStatus status) = await reconciler.PushAsync(push, CancellationToken.None);
        world.OnAccepted(unit, status.Generation);
        return verdict switch
        {
            Verdict.Newer or Verdict.Known => status,
            Verdict.Stale stale => throw new GenerationRefusedException(stale.Reason),
            Verdict.Refused refused => throw new GenerationRefusedException(refused.Reason),
            _ => throw new InvalidDataException($"{unit.Name}: {verdict}"),
        };
    }
}

/// <summary>What passes between one unit and the station.</summary>
internal sealed class SimLink
{
    public SimStation? ConnectedTo { get; set; }

    public DateTimeOffset HeardAt { get; set; }

    /// <summary>Nothing reaches the unit before this moment.</summary>
    public DateTimeOffset CutToUnitUntil { get; set; }

    /// <summary>Nothing reaches the station before this moment.</summary>
    public DateTimeOffset CutToStationUntil { get; set; }

    /// <summary>Whoever waits for an answer over the connection is told that it is gone.</summary>
    public event Action? Broken;

    public void Break() => Broken?.Invoke();

    public bool PassesToUnit(Simulator simulation, Faults faults) => simulation.Now >= CutToUnitUntil && !simulation.Chance(faults.LossChance);

    public bool PassesToStation(Simulator simulation, Faults faults) => simulation.Now >= CutToStationUntil && !simulation.Chance(faults.LossChance);
}
