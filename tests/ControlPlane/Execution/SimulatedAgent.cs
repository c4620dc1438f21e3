using VSan.Contracts.Api;
using VSan.Station.Execution;
using Naa = VSan.Station.Domain.Naa;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A host's agent in memory: it looks for what is wanted of one mirror, and tells what it found whenever that is another.</summary>
internal sealed class SimulatedAgent
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly SimulatedStation _station;
    private readonly Guid _hostId;
    private readonly Guid _mappingId;
    private readonly Caller _self;
    private string? _told;

    private SimulatedAgent(SimulatedStation station, Guid hostId, Guid mappingId) =>
        (_station, _hostId, _mappingId, _self) = (station, hostId, mappingId, SimulatedStation.Admin);

    /// <summary>How it has each leg, by NAA name, where it is not current.</summary>
    public Dictionary<string, HostLegState> States { get; } = [];

    /// <summary>How it has a leg that is to be taken in.</summary>
    public HostLegState NewLegs { get; set; } = HostLegState.Current;

    /// <summary>How far a leg is that is being brought up to date.</summary>
    public int? SyncPercent { get; set; }

    /// <summary>True: it does not let go of legs that are wanted no more.</summary>
    public bool IsHolding { get; set; }

    private readonly List<MappedLeg> _held = [];

    /// <summary>One that runs as long as its station is used.</summary>
    public static async Task<SimulatedAgent> RunAsync(SimulatedStation station, Guid hostId, Guid mappingId)
    {
        SimulatedAgent agent = new(station, hostId, mappingId);
        await agent.PassAsync();
        return agent.Run();
    }

    /// <summary>The same host when its station has died and another has its place.</summary>
    public SimulatedAgent With(SimulatedStation next) => new SimulatedAgent(next, _hostId, _mappingId).Run();

    private SimulatedAgent Run()
    {
        _station.Agents.Add(this);
        _ = LoopAsync(new WeakReference<SimulatedAgent>(this));
        return this;
    }

    private static async Task LoopAsync(WeakReference<SimulatedAgent> whose)
    {
        using PeriodicTimer timer = new(Period);
        while (await timer.WaitForNextTickAsync())
        {
            if (!whose.TryGetTarget(out SimulatedAgent? agent)) return;
            try
            {
                await agent.PassAsync();
            }
            catch (Exception away) when (away is IOException or ObjectDisposedException or ProblemException or InvalidOperationException)
            {
                // The station is dead; what was not told is told to the next.
            }
        }
    }

    private async Task PassAsync()
    {
        Mapping mapping = await _station.Services.Mappings.GetAsync(_self, _mappingId, default);
        HostReport report;
        lock (States)
        {
            MappedLeg[] wanted = [.. mapping.Legs, .. mapping.Incoming is { } incoming ? [incoming] : Array.Empty<MappedLeg>()];
            HashSet<Guid> known = [.. _held.Select(leg => leg.LegId)];
            _held.RemoveAll(leg => !IsHolding || wanted.Any(one => one.LegId == leg.LegId));
            foreach (MappedLeg leg in wanted.Where(leg => _held.All(one => one.LegId != leg.LegId)))
            {
                _held.Add(leg);
                if (leg == mapping.Incoming && !known.Contains(leg.LegId) && NewLegs != HostLegState.Current) States[Naa.Of(leg.LegId)] = NewLegs;
            }

            HostLegReport[] legs = [.. _held.Select(leg => new HostLegReport(leg.Index, States.GetValueOrDefault(Naa.Of(leg.LegId), HostLegState.Current)) { Naa = Naa.Of(leg.LegId), IsPassing = mapping.Legs.All(one => one.LegId != leg.LegId) })];
            HostVolumeState state = legs.All(leg => leg.IsPassing || leg.State == HostLegState.Current) ? HostVolumeState.InUse : HostVolumeState.Degraded;
            report = new HostReport([new HostVolumeReport(mapping.VolumeId, state, legs) { SyncPercent = SyncPercent }]);
        }

        string text = System.Text.Json.JsonSerializer.Serialize(report, ApiJson.Default.HostReport);
        if (text == _told) return;
        await _station.Services.HostReports.KeepAsync(_self, _hostId, report, default);
        _told = text;
    }
}
