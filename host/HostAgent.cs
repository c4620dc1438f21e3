using VSan.Contracts.Api;
using VSan.HostAgent.Execution;
using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;
using VSan.HostAgent.Station;
using Host = VSan.Contracts.Api.Host;

namespace VSan.HostAgent;

/// <summary>The agent, wired: what each verb does.</summary>
internal sealed class HostAgent
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StationTalk _station;
    private readonly HostState _state;
    private readonly TextWriter _output;
    private readonly Observer _observer;
    private readonly Executor _executor;

    /// <summary>An agent of these directories.</summary>
    public HostAgent(string membership, string state, TextWriter output, TextWriter error)
    {
        Tools tools = new();
        _state = new HostState(Path.GetFullPath(state));
        _station = new StationTalk(new HostMembership(membership), _state, TimeProvider.System);
        _output = output;
        _observer = new Observer(new Sysfs(), NodeRecords.OfMachine, tools);
        _executor = new Executor(_observer, tools, _state, error);
    }

    /// <summary><c>request</c>.</summary>
    public async Task RequestAsync(string name, VolumeWish wish, CancellationToken cancellation)
    {
        if (wish is { MountPath: not null, FileSystem: null }) throw new CommandFailure(ExitCode.Usage, "--mount needs a filesystem to mount.", "Add --filesystem xfs or ext4.");
        if (wish.MountPath is { } path && !Path.IsPathFullyQualified(path)) throw new CommandFailure(ExitCode.Usage, $"--mount {path} is no absolute path.", "Write it from the root, as in /srv/db.");
        if (wish is { GrowAtPercent: < 1 or > 99 }) throw new CommandFailure(ExitCode.Usage, "--grow-at is a percentage from 1 to 99.");
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
            MirrorRecord? memory = known is null && wish.SizeBytes == 0 ? await MemoryAsync(station, self.Id, connect, cancellation).ConfigureAwait(false) : null;
            VolumeRecord record = known is null
                ? new VolumeRecord(volume.Id, name, mapping.Id, wish.FileSystem, wish.MountPath, connect) { Mirror = memory }
                : known.Told(connect) with { MappingId = mapping.Id, FileSystem = wish.FileSystem ?? known.FileSystem, MountPath = wish.MountPath ?? known.MountPath, IsDetaching = false };
            _state.Keep(wish.GrowAtPercent is null ? record : record with { GrowAtPercent = wish.GrowAtPercent, GrowByBytes = wish.GrowByBytes > 0 ? wish.GrowByBytes : GrowStep(volume.SizeBytes) });
            await FinishAsync(record.VolumeId, name, cancellation).ConfigureAwait(false);
            await ReportAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary><c>apply</c>.</summary>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        await TalkAsync(() => _station.RefreshAsync(cancellation)).ConfigureAwait(false);
        using (await _state.LockAsync(cancellation).ConfigureAwait(false))
        {
            CommandFailure? last = null;
            foreach (VolumeRecord record in _state.All())
            {
                try
                {
                    await FinishAsync(record.VolumeId, record.Name, cancellation).ConfigureAwait(false);
                }
                catch (CommandFailure failure)
                {
                    // One volume does not keep the others waiting; the last failure is the command's.
                    if (last is not null) await _output.WriteLineAsync(last.Message).ConfigureAwait(false);
                    last = failure;
                }
            }

            await ReportAsync(cancellation).ConfigureAwait(false);
            if (last is not null) throw last;
        }
    }

    /// <summary><c>run</c>.</summary>
    public Task RunAsync(CancellationToken cancellation) => new HostLoop(_state, _executor, _station, _output, TimeProvider.System).RunAsync(cancellation);

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
            _state.Keep(_state.Find(name).Told(connect));
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
            HostPlan? left = (await _executor.PassAsync(record.VolumeId, TimeSpan.Zero, cancellation).ConfigureAwait(false))?.Plan;
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
        HostPlan? left = (await _executor.PassAsync(volumeId, Patience, cancellation).ConfigureAwait(false))?.Plan;
        if (left is null) return;
        foreach (Obstacle obstacle in left.Obstacles) await _output.WriteLineAsync($"{name}: {obstacle.Text}").ConfigureAwait(false);
        if (left.Obstacles.FirstOrDefault(obstacle => obstacle.NextAction is not null) is { } needed) throw new CommandFailure(ExitCode.Error, $"Volume {name}: {needed.Text}", needed.NextAction);
        if (left.Obstacles.Any(obstacle => obstacle.Layer < Layer.Assembly) && left.Steps.Count > 0) throw new CommandFailure(ExitCode.Unavailable, $"Volume {name} is not in use yet.", "'vsan-host status' shows what it waits for; 'vsan-host run' goes on by itself.");
        if (left.Obstacles.Count == 0 && left.Steps.Count == 0) await _output.WriteLineAsync($"Volume {name} is in use.").ConfigureAwait(false);
    }

    // What cannot be told now is told by the next who can; nothing on this host depends on it.
    private async Task TalkAsync(Func<Task> talk)
    {
        try
        {
            await talk().ConfigureAwait(false);
        }
        catch (CommandFailure away) when (away.ExitCode == ExitCode.Unavailable)
        {
            await _output.WriteLineAsync($"{away.Message} What it said last holds.").ConfigureAwait(false);
        }
    }

    private async Task ReportAsync(CancellationToken cancellation)
    {
        IReadOnlyList<VolumeRecord> all = _state.All();
        List<PassOutcome> outcomes = [];
        foreach (VolumeRecord record in all)
        {
            FoundVolume found = await _observer.LookAsync(record, all, cancellation).ConfigureAwait(false);
            outcomes.Add(new PassOutcome(record, found, Planner.Plan(record, found, all)));
        }

        await TalkAsync(() => _station.ReportAsync(outcomes, cancellation)).ConfigureAwait(false);
    }

    // What the station was told before this host lost its memory is better than nothing: a mirror needs the copies that were current then, not all.
    private static async Task<MirrorRecord?> MemoryAsync(HostStation station, Guid self, ConnectInfo connect, CancellationToken cancellation)
    {
        if (connect.Assembly.Method != AssemblyMethod.MdRaid1) return null;
        HostReport last = await station.LastReportAsync(self, cancellation).ConfigureAwait(false);
        string[] current =
        [
            .. last.Volumes.Where(volume => volume.VolumeId == connect.VolumeId).SelectMany(volume => volume.Legs).Where(leg => leg.State == HostLegState.Current)
                .Select(leg => leg.Naa ?? connect.Legs.FirstOrDefault(one => one.Index == leg.Index)?.Naa).OfType<string>(),
        ];
        return current.Length == 0 ? null : new MirrorRecord(current, 0, IsClean: false);
    }

    private static long GrowStep(long sizeBytes)
    {
        const long MiB = 1L << 20, GiB = 1L << 30;
        return Math.Max(GiB, sizeBytes / 10 / MiB * MiB);
    }

    private HostStation Connect() => _station.Connect();
}
