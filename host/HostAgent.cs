using VSan.Contracts.Api;
using VSan.HostAgent.Execution;
using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.Station;
using VSan.HostAgent.State;
using Host = VSan.Contracts.Api.Host;

namespace VSan.HostAgent;

/// <summary>The agent, wired: what each verb does.</summary>
internal sealed class HostAgent
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HostMembership _membership;
    private readonly HostState _state;
    private readonly TextWriter _output;
    private readonly Observer _observer;
    private readonly Executor _executor;

    /// <summary>An agent of these directories.</summary>
    public HostAgent(string membership, string state, TextWriter output, TextWriter error)
    {
        Tools tools = new();
        _membership = new HostMembership(membership);
        _state = new HostState(Path.GetFullPath(state));
        _output = output;
        _observer = new Observer(new Sysfs(), NodeRecords.OfMachine, tools);
        _executor = new Executor(_observer, tools, _state, error);
    }

    /// <summary><c>request</c>.</summary>
    public async Task RequestAsync(string name, VolumeWish wish, CancellationToken cancellation)
    {
        if (wish is { MountPath: not null, FileSystem: null }) throw new CommandFailure(ExitCode.Usage, "--mount needs a filesystem to mount.", "Add --filesystem xfs or ext4.");
        if (wish.MountPath is { } path && !Path.IsPathFullyQualified(path)) throw new CommandFailure(ExitCode.Usage, $"--mount {path} is no absolute path.", "Write it from the root, as in /srv/db.");
        using HostStation station = Connect();
        Host self = await station.SelfAsync(cancellation).ConfigureAwait(false);
        Volume? volume = await station.FindAsync(name, cancellation).ConfigureAwait(false);
        if (volume is null && wish.SizeBytes == 0) throw new CommandFailure(ExitCode.NotFound, $"This host has been given no volume '{name}'.", "Add --size to ask for a new one.");
        if (volume is not null && wish.SizeBytes > volume.SizeBytes) throw new CommandFailure(ExitCode.Conflict, $"Volume '{name}' is there already, and smaller.", $"'vsan-host request {name}' without --size takes it; then 'vsan-host grow {name}'.");
        volume ??= await station.CreateAsync(new VolumeCreate(name, wish.SizeBytes, null, null, self.Id, null) { Layout = wish.Policy is null ? wish.Layout : null, Policy = wish.Policy }, cancellation).ConfigureAwait(false);
        Mapping mapping = volume.Mappings.FirstOrDefault(one => one.HostId == self.Id) ?? throw new CommandFailure(ExitCode.Conflict, $"Volume '{name}' is not mapped to this host.", $"Map it with 'vsan map {name} {self.Name}'.");
        ConnectInfo connect = await station.ConnectInfoAsync(mapping.Id, cancellation).ConfigureAwait(false);
        using (await _state.LockAsync(cancellation).ConfigureAwait(false))
        {
            VolumeRecord? known = _state.All().FirstOrDefault(record => record.VolumeId == volume.Id);
            VolumeRecord record = known is null
                ? new VolumeRecord(volume.Id, name, mapping.Id, wish.FileSystem, wish.MountPath, connect)
                : known with { MappingId = mapping.Id, FileSystem = wish.FileSystem ?? known.FileSystem, MountPath = wish.MountPath ?? known.MountPath, Connect = connect, IsDetaching = false };
            _state.Keep(record);
            await FinishAsync(record.VolumeId, name, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary><c>apply</c>.</summary>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        using (await _state.LockAsync(cancellation).ConfigureAwait(false))
        {
            await RefreshAsync(cancellation).ConfigureAwait(false);
            foreach (VolumeRecord record in _state.All()) await FinishAsync(record.VolumeId, record.Name, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary><c>run</c>.</summary>
    public Task RunAsync(CancellationToken cancellation) => new HostLoop(_state, _executor, _output, RefreshAsync).RunAsync(cancellation);

    /// <summary><c>plan</c>.</summary>
    public async Task PlanAsync(CancellationToken cancellation)
    {
        IReadOnlyList<VolumeRecord> all = _state.All();
        foreach (VolumeRecord record in all)
        {
            HostPlan plan = Planner.Plan(record, await _observer.LookAsync(record, all, cancellation).ConfigureAwait(false), all);
            foreach (Step step in plan.Steps) await _output.WriteLineAsync(step.ToString()).ConfigureAwait(false);
            foreach (Obstacle obstacle in plan.Obstacles) await _output.WriteLineAsync($"# {record.Name}: {obstacle.Text} {obstacle.NextAction}").ConfigureAwait(false);
            if (plan.IsDone) await _output.WriteLineAsync($"# {record.Name}: nothing to do.").ConfigureAwait(false);
        }
    }

    /// <summary><c>status</c>.</summary>
    public async Task StatusAsync(CancellationToken cancellation)
    {
        IReadOnlyList<VolumeRecord> all = _state.All();
        if (all.Count == 0) await _output.WriteLineAsync("No volumes. 'vsan-host request' asks for one.").ConfigureAwait(false);
        foreach (VolumeRecord record in all)
        {
            FoundVolume found = await _observer.LookAsync(record, all, cancellation).ConfigureAwait(false);
            await StatusText.WriteAsync(_output, record, found, Planner.Plan(record, found, all)).ConfigureAwait(false);
        }
    }

    /// <summary><c>grow</c>.</summary>
    public async Task GrowAsync(string name, long sizeBytes, CancellationToken cancellation)
    {
        VolumeRecord record = _state.Find(name);
        using HostStation station = Connect();
        await station.ExpandAsync(record.VolumeId, sizeBytes, cancellation).ConfigureAwait(false);
        ConnectInfo connect = await station.ConnectInfoAsync(record.MappingId, cancellation).ConfigureAwait(false);
        using (await _state.LockAsync(cancellation).ConfigureAwait(false))
        {
            _state.Keep(_state.Find(name) with { Connect = connect });
            await FinishAsync(record.VolumeId, name, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary><c>detach</c>.</summary>
    public async Task DetachAsync(string name, CancellationToken cancellation)
    {
        using (await _state.LockAsync(cancellation).ConfigureAwait(false))
        {
            VolumeRecord record = _state.Find(name);
            _state.Keep(record with { IsDetaching = true });
            HostPlan? left = await _executor.PassAsync(record.VolumeId, TimeSpan.Zero, cancellation).ConfigureAwait(false);
            await _output.WriteLineAsync(left is null ? $"Volume {name} is out of use here." : $"Volume {name} is not out of use yet: {string.Join(' ', left.Obstacles.Select(obstacle => obstacle.Text))}").ConfigureAwait(false);
        }
    }

    /// <summary><c>accept</c>.</summary>
    public async Task AcceptAsync(string name, int leg, bool confirmed, CancellationToken cancellation)
    {
        if (!confirmed) throw new CommandFailure(ExitCode.Error, "Nothing was changed.");
        using (await _state.LockAsync(cancellation).ConfigureAwait(false))
        {
            VolumeRecord record = _state.Find(name);
            if (leg < 0 || leg >= record.Connect.Legs.Count) throw new CommandFailure(ExitCode.Usage, $"Volume {name} has no leg {leg}.", "'vsan-host status' shows its legs.");
            FoundVolume found = await _observer.LookAsync(record, _state.All(), cancellation).ConfigureAwait(false);
            if (found.Legs[leg].Disk?.Content is not DiskContent.Member member || member.ArrayId != record.VolumeId)
                throw new CommandFailure(ExitCode.Conflict, $"Leg {leg} is not here, or holds no copy of this mirror.", "'vsan-host status' shows its legs.");
            _state.Keep(record with { Mirror = new MirrorRecord([record.Connect.Legs[leg].Naa], member.Events, IsClean: true) });
            await FinishAsync(record.VolumeId, name, cancellation).ConfigureAwait(false);
        }
    }

    private async Task FinishAsync(Guid volumeId, string name, CancellationToken cancellation)
    {
        HostPlan? left = await _executor.PassAsync(volumeId, Patience, cancellation).ConfigureAwait(false);
        if (left is null) return;
        foreach (Obstacle obstacle in left.Obstacles) await _output.WriteLineAsync($"{name}: {obstacle.Text}").ConfigureAwait(false);
        if (left.Obstacles.FirstOrDefault(obstacle => obstacle.NextAction is not null) is { } needed) throw new CommandFailure(ExitCode.Error, $"Volume {name}: {needed.Text}", needed.NextAction);
        if (left.Obstacles.Any(obstacle => obstacle.Layer < Layer.Assembly) && left.Steps.Count > 0) throw new CommandFailure(ExitCode.Unavailable, $"Volume {name} is not in use yet.", "'vsan-host status' shows what it waits for; 'vsan-host run' goes on by itself.");
        if (left.Obstacles.Count == 0 && left.Steps.Count == 0) await _output.WriteLineAsync($"Volume {name} is in use.").ConfigureAwait(false);
    }

    // Secrets are asked for only when something else has changed: the station notes each reading.
    private async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_membership.Read() is null) return;
        try
        {
            using HostStation station = Connect();
            foreach (VolumeRecord record in _state.All())
            {
                Mapping mapping = await station.MappingAsync(record.MappingId, cancellation).ConfigureAwait(false);
                Volume volume = await station.VolumeAsync(record.VolumeId, cancellation).ConfigureAwait(false);
                if (!IsSame(record.Connect, mapping, volume)) _state.Keep(record with { Connect = await station.ConnectInfoAsync(record.MappingId, cancellation).ConfigureAwait(false) });
            }
        }
        catch (CommandFailure away) when (away.ExitCode == ExitCode.Unavailable)
        {
            // The station may be dead: what it said last holds.
            await _output.WriteLineAsync($"{away.Message} What it said last holds.").ConfigureAwait(false);
        }
    }

    private static bool IsSame(ConnectInfo known, Mapping mapping, Volume volume) =>
        known.Assembly.SizeBytes == volume.SizeBytes && known.Legs.Count == mapping.Legs.Count && known.ReadOnly == mapping.ReadOnly
        && known.Legs.Zip(mapping.Legs).All(pair => pair.First.TargetName == pair.Second.TargetName && pair.First.Lun == pair.Second.Lun && pair.First.Portals.SequenceEqual(pair.Second.Portals));

    private HostStation Connect() => new(_membership.Connect(dryRun: false));
}
