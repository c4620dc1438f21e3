using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Tests.Simulation.Kernel;

namespace VSan.Tests.Simulation.World;

/// <summary>Somebody who asks for volumes and gives them back, and asks again with the same key until there is an answer.</summary>
internal sealed class Person(SimWorld world, string name, string hostName)
{
    private readonly SimProcess _process = new(world.Simulation, name);
    private readonly Caller _caller = Caller.Of(name, Role.Admin);
    private readonly string _initiator = $"iqn.2026-11.test:{hostName}";
    private Guid _hostId;
    private int _asked;
    private bool _stops;

    private Simulator Simulation => world.Simulation;

    public void Begin() => _process.Start(async () =>
    {
        _hostId = (await AskAsync(services => services.Hosts.CreateAsync(_caller, new HostCreate(hostName, _initiator), hostName, default))).Id;
        while (true)
        {
            await Task.Delay(Simulation.Between(0.5, 20), _process.Time);
            if (!_stops) await ActAsync();
        }
    });

    /// <summary>Asks for nothing more.</summary>
    public void Stop() => _stops = true;

    private async Task ActAsync()
    {
        VolumeLedger[] mine = [.. world.Ledgers.Volumes.Where(volume => volume.Name.StartsWith(name, StringComparison.Ordinal) && volume is { Made: true, RemovalAsked: false })];
        try
        {
            if (mine.Length == 0 || (mine.Length < 6 && Simulation.Chance(0.5))) await MakeAsync();
            else await ChangeAsync(Pick(mine));
        }
        catch (ProblemException refused)
        {
            Simulation.Note($"{name} is refused: {refused.Code}");
        }
    }

    private T Pick<T>(T[] items) => items[(int)(Simulation.Random.NextDouble() * items.Length)];

    private async Task ChangeAsync(VolumeLedger volume)
    {
        if (volume.LegIds.Count == 1 && Simulation.Chance(0.15)) await SnapshotAsync(volume);
        else if (volume.Snapshots.FirstOrDefault(snapshot => !snapshot.RemovalAsked) is { } snapshot) await RemoveAsync(snapshot);
        else await UseAsync(volume);
    }

    private async Task UseAsync(VolumeLedger volume)
    {
        if (volume.Mappings.FirstOrDefault(mapping => !mapping.RemovalAsked) is { } mapping)
        {
            if (Simulation.Chance(0.3)) await ExpandAsync(volume);
            else await UnmapAsync(volume, mapping.Id);
        }
        else if (Simulation.Chance(0.5)) await RemoveAsync(volume);
        else if (Simulation.Chance(0.3)) await ExpandAsync(volume);
        else await MapAsync(volume);
    }

    private async Task MakeAsync()
    {
        VolumeLedger volume = new($"{name}-{++_asked}", (1 + (_asked % 4)) << 20);
        world.Ledgers.Volumes.Add(volume);
        Guid? hostId = Simulation.Chance(0.5) ? _hostId : null;
        VolumeCreate request = new(volume.Name, volume.SizeBytes, null, null, hostId, null) { Layout = Simulation.Chance(0.25) ? "mirror-2" : null };
        VolumeAccepted accepted = await AskAsync(services => services.Volumes.CreateAsync(_caller, request, volume.Name, default));
        volume.Id = accepted.Volume.Id;
        volume.LegIds = [.. accepted.Volume.Legs.Select(leg => leg.Id)];
        if (Simulation.Chance(0.1)) await CancelAsync(accepted.Operation.Id);
        Operation ended = await EndAsync(accepted.Operation.Id);
        Simulation.Note($"{name} made {volume.Name}: {ended.State}");
        volume.Made = ended.State == OperationState.Succeeded;
        if (!volume.Made) return;
        foreach (Mapping mapping in (await AskAsync(services => services.Volumes.GetAsync(_caller, volume.Id, default))).Mappings) Add(volume, mapping);
    }

    // Whoever comes too late has made it after all.
    private async Task CancelAsync(Guid operationId)
    {
        try
        {
            await AskAsync(services => services.Operations.CancelAsync(_caller, operationId, default));
        }
        catch (ProblemException refused) when (refused.Code == "not-cancellable")
        {
            Simulation.Note($"{name} cancels too late");
        }
    }

    private async Task MapAsync(VolumeLedger volume)
    {
        string key = $"{volume.Name}-map-{++_asked}";
        MappingAccepted accepted = await AskAsync(services => services.Mappings.CreateAsync(_caller, new MappingCreate(volume.Id, _hostId, null), key, default));
        Operation ended = await EndAsync(accepted.Operation.Id);
        Simulation.Note($"{name} mapped {volume.Name}: {ended.State}");
        if (ended.State != OperationState.Succeeded) return;
        Add(volume, accepted.Mapping);
    }

    private async Task UnmapAsync(VolumeLedger volume, Guid mappingId)
    {
        MappingLedger[] legs = [.. volume.Mappings.Where(mapping => mapping.Id == mappingId)];
        foreach (MappingLedger leg in legs) leg.RemovalAsked = true;
        Operation started = await AskAsync(services => services.Mappings.DeleteAsync(_caller, mappingId, default), goneIsFine: true);
        if (started is not null) await EndAsync(started.Id);
        foreach (MappingLedger leg in legs) leg.ForgottenAt = Simulation.Now + TimeSpan.FromHours(1);
        Simulation.Note($"{name} unmapped {volume.Name}");
    }

    private async Task ExpandAsync(VolumeLedger volume)
    {
        long sizeBytes = volume.SizeBytes + (1 << 20);
        Operation started = await AskAsync(services => services.Volumes.ExpandAsync(_caller, volume.Id, new VolumeExpand(sizeBytes), default));
        Operation ended = await EndAsync(started.Id);
        Simulation.Note($"{name} expanded {volume.Name}: {ended.State}");
        if (ended.State != OperationState.Succeeded) return;
        volume.SizeBytes = sizeBytes;
        volume.Expansions++;
    }

    private async Task SnapshotAsync(VolumeLedger volume)
    {
        string snapshotName = $"s-{++_asked}";
        string? before = volume.Written.GetValueOrDefault(volume.LegIds[0]);
        SnapshotsAccepted accepted = await AskAsync(
            services => services.Snapshots.CreateAsync(_caller, new SnapshotGroupCreate(snapshotName, [volume.Id]), $"{volume.Name}-{snapshotName}", default));
        Operation ended = await EndAsync(accepted.Operation.Id);
        Simulation.Note($"{name} took {snapshotName} of {volume.Name}: {ended.State}");
        if (ended.State == OperationState.Succeeded) volume.Snapshots.Add(new SnapshotLedger(accepted.Snapshots[0].Id, before, volume.Written.GetValueOrDefault(volume.LegIds[0])));
    }

    private async Task RemoveAsync(SnapshotLedger snapshot)
    {
        snapshot.RemovalAsked = true;
        Operation started = await AskAsync(services => services.Snapshots.DeleteAsync(_caller, snapshot.Id, default), goneIsFine: true);
        if (started is not null) await EndAsync(started.Id);
        Simulation.Note($"{name} removed a snapshot");
    }

    private async Task RemoveAsync(VolumeLedger volume)
    {
        volume.RemovalAsked = true;
        Operation started = await AskAsync(services => services.Volumes.DeleteAsync(_caller, volume.Id, default), goneIsFine: true);
        if (started is not null) await EndAsync(started.Id);
        volume.Removed = true;
        Simulation.Note($"{name} removed {volume.Name}");
    }

    private void Add(VolumeLedger volume, Mapping mapping) =>
        volume.Mappings.AddRange(mapping.Legs.Select(leg => new MappingLedger(volume, mapping.Id, leg.LegId, leg.UnitId, _initiator, leg.Lun)));

    // A person who is called does what is asked for; here that is to wait and try again.
    private async Task<Operation> EndAsync(Guid operationId)
    {
        while (true)
        {
            Operation operation = await AskAsync(services => services.Operations.GetAsync(_caller, operationId, default));
            if (operation.EndedAt is not null) return operation;
            await Task.Delay(TimeSpan.FromSeconds(2), _process.Time);
            if (operation.State != OperationState.NeedsOperator) continue;
            await Task.Delay(TimeSpan.FromSeconds(20), _process.Time);
            try
            {
                await AskAsync(services => services.Operations.RetryAsync(_caller, operationId, default));
            }
            catch (ProblemException refused) when (refused.Code == "not-retryable")
            {
                continue;
            }
        }
    }

    // Repeated until there is an answer, like a client with an Idempotency-Key: neither a lost request nor a lost answer is noticed otherwise.
    private async Task<T> AskAsync<T>(Func<StationServices, Task<T>> ask, bool goneIsFine = false)
    {
        while (true)
        {
            TaskCompletionSource<T> answer = new();
            SimStation station = world.Station;
            if (!Simulation.Chance(world.Faults.LossChance)) station.Process.After(Simulation.Between(0.0005, 0.01), () => station.Process.Start(() => ServeAsync(station, ask, answer)));
            Task timeIsUp = Task.Delay(TimeSpan.FromSeconds(10), _process.Time);
            if (await Task.WhenAny(answer.Task, timeIsUp) == timeIsUp) continue;
            try
            {
                return await answer.Task;
            }
            catch (ProblemException gone) when (goneIsFine && gone.Code == "not-found")
            {
                return default!;
            }
            catch (Exception error) when (error is IOException or StoreConflictException)
            {
                Simulation.Note($"{name} asks again");
            }
        }
    }

    private async Task ServeAsync<T>(SimStation station, Func<StationServices, Task<T>> ask, TaskCompletionSource<T> answer)
    {
        object outcome;
        try
        {
            outcome = (await ask(station.Services))!;
        }
        catch (Exception error) when (error is not KilledException)
        {
            outcome = error;
        }

        if (Simulation.Chance(world.Faults.LossChance)) return;
        _process.After(Simulation.Between(0.0005, 0.01), () => _ = outcome is Exception error ? answer.TrySetException(error) : answer.TrySetResult((T)outcome));
    }
}
