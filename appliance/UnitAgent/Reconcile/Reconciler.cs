using VSan.Contracts.BlockServer;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.BlockServer;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Copying;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.Shares;
using VSan.UnitAgent.State;
using VSan.UnitAgent.Updating;

namespace VSan.UnitAgent.Reconcile;

/// <summary>
/// Makes this unit serve what it accepted, and notices when it no longer does.
/// <code>
///   wanted: configuration.json          found: the stores, the block server
///   look ──► legs created ──► Apply ──► removed legs deleted ──► ServedState
///    ▲  each second: the block server is asked; lost, restarted or with conditions left: all again
/// </code>
/// It owns the accepted configuration, the leg files and the control connection; one gate lets one pass through at a time.
/// </summary>
internal sealed class Reconciler(
    Guid unitId,
    ConfigurationStore accepted,
    IStoreSet stores,
    IFiles files,
    IBlockServer blockServer,
    IReadOnlyList<string> portals,
    TimeProvider time,
    ILogger<Reconciler> log,
    IDiskClaims? disks = null,
    IShareServer? shares = null,
    ILegCopies? copies = null,
    HealthTarget? health = null) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A block server that starts is served within this time; asking costs one connect on a local socket.
    private static readonly TimeSpan DownPeriod = TimeSpan.FromMilliseconds(250);

    // A disk that was plugged in is seen after this time; without one it costs a look at a few files of the kernel.
    private static readonly TimeSpan ScanPeriod = TimeSpan.FromSeconds(5);

    private readonly Gate _gate = new();
    private long? _scannedAt;
    private bool _servesHealth;
    private readonly LegFiles _legs = new(unitId, stores, files);
    private readonly SnapshotFiles _snapshots = new(unitId, stores, files, blockServer);
    private readonly Changing<ServedState> _state = new(new ServedState(new ConfigurationStatus(accepted.Present?.Document.Generation ?? 0, 0, []), false, 0));

    /// <summary>What was last found; its changes can be waited for.</summary>
    public Changing<ServedState> State => _state;

    /// <summary>Takes a push if it may, and serves it.</summary>
    /// <returns>The decision, and where the unit stands after it.</returns>
    /// <remarks>The answer names the snapshots and shares that are there; the state that reports are made of does not.</remarks>
    public async Task<(Verdict Verdict, ConfigurationStatus Status)> PushAsync(ConfigurationPush push, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken);
        try
        {
            Verdict verdict = ConfigurationRule.Judge(unitId, accepted.Present, accepted.Secrets, push);
            if (verdict is Verdict.Newer) accepted.Accept(push);
            else if (verdict is Verdict.Known) accepted.Hear(push.LockEpoch);
            if (verdict is not (Verdict.Newer or Verdict.Known)) return (verdict, State.Value.Status);
            // From here on the push is accepted; who asked may hang up without stopping it.
            _ = stores.Look();
            Parts parts = await ReconcileAsync(CancellationToken.None);
            return (verdict, State.Value.Status with { Snapshots = parts.Snapshots, Shares = parts.Shares });
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Keeps the unit so until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await PassAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                log.LogError(failure, "Looking at the stores and the state directory failed; it is tried again.");
            }

            await Task.Delay(State.Value.BlockServerRunning ? Period : DownPeriod, time, cancellationToken);
        }
    }

    /// <summary>One look, and whatever it calls for.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken);
        try
        {
            bool storesChanged = stores.Look();
            if (disks is not null && (_scannedAt is not { } scanned || time.GetElapsedTime(scanned) >= ScanPeriod))
            {
                await disks.ScanAsync(cancellationToken);
                _scannedAt = time.GetTimestamp();
            }

            ServedState state = State.Value;
            if (state.IsServed || accepted.Present is null) await InspectAsync(cancellationToken);
            if (storesChanged || (health?.IsWanted ?? false) != _servesHealth || shares?.HasDied() == true || State.Value is not { IsServed: true, Status.Conditions.Count: 0 }) _ = await ReconcileAsync(cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => blockServer.Dispose();

    /// <summary>What is there of what a document names, besides legs.</summary>
    private sealed record Parts(IReadOnlyList<SnapshotFact> Snapshots, IReadOnlyList<ShareFact> Shares);

    private async Task<Parts> ReconcileAsync(CancellationToken cancellationToken)
    {
        if (accepted.Present is not { } present) return new Parts([], []);
        IReadOnlyList<UnitCondition> unclaimed = disks is null ? [] : await disks.ApplyAsync(present.Document.Disks ?? [], cancellationToken);
        List<UnitCondition> conditions = [.. stores.Conditions, .. unclaimed];
        IReadOnlyList<ShareFact> shared = shares is null ? [] : await ShareAsync(shares, present, conditions, cancellationToken);
        Dictionary<Guid, string> images = [];
        List<LegSpec> served = [];
        foreach (LegSpec leg in present.Document.Legs)
        {
            SignedLegRecord? record = present.Records?.GetValueOrDefault(leg.LegId);
            if (_legs.TryEnsure(leg, record, out string? image, out UnitCondition? condition))
            {
                images.Add(leg.LegId, image);
                served.Add(_legs.Grow(leg, record, out condition));
            }

            if ((condition ?? _legs.Redescribe(leg, record)) is { } trouble) conditions.Add(trouble);
        }

        if (copies is not null) await copies.FollowAsync(present.Document.Copies ?? [], accepted.Secrets);
        if (Sabotage.DeletesLegsEarly) RemoveLegs(present, conditions);
        long applied = State.Value.Status.AppliedGeneration;
        bool running = true;
        IReadOnlyList<SnapshotFact> snapshots = [];
        try
        {
            BlockServerConfiguration plan = ServingPlan.Build(present.Document with { Legs = served }, accepted.Secrets, portals, images);
            _servesHealth = health?.IsWanted ?? false;
            ControlAnswer answer = await blockServer.AskAsync(new ControlRequest(ControlVerb.Apply, health?.AddTo(plan) ?? plan), cancellationToken);
            applied = answer.Generation;
            if (answer.Error is { } error) conditions.Add(new("apply-failed", $"The block server: {error}"));
            else snapshots = await FollowAsync(present, images, conditions, cancellationToken);
        }
        catch (KeyNotFoundException)
        {
            conditions.Add(new("apply-failed", $"Secrets of generation {present.Document.Generation} are gone. Let the station push its next configuration."));
        }
        catch (IOException failure)
        {
            (applied, running) = (0, false);
            conditions.Add(Down(failure));
        }

        conditions.AddRange(_legs.Orphans(Named(accepted.Present)));
        Publish(new ServedState(new ConfigurationStatus(present.Document.Generation, applied, conditions), running, State.Value.Sessions) { Usage = State.Value.Usage, Activity = State.Value.Activity });
        return new Parts(snapshots, shared);
    }

    // What is to go first: its port may be another's already.
    private async Task<IReadOnlyList<ShareFact>> ShareAsync(IShareServer server, AcceptedConfiguration present, List<UnitCondition> conditions, CancellationToken cancellationToken)
    {
        bool done = true;
        foreach (LegRemoval removal in present.ShareRemovals)
        {
            try
            {
                done &= server.TryRemove(removal.StoreId, removal.LegId);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
            {
                done = false;
                conditions.Add(new("apply-failed", $"Share {removal.LegId} could not be deleted: {failure.Message}"));
            }
        }

        if (done) accepted.ForgetShareRemovals();
        (IReadOnlyList<ShareFact> facts, IReadOnlyList<UnitCondition> troubles) = await server.ApplyAsync(present.Document.Shares, cancellationToken);
        conditions.AddRange(troubles);
        return facts;
    }

    // What needs the volumes served, and then what needs them let go.
    private async Task<IReadOnlyList<SnapshotFact>> FollowAsync(
        AcceptedConfiguration present, Dictionary<Guid, string> images, List<UnitCondition> conditions, CancellationToken cancellationToken)
    {
        (IReadOnlyList<SnapshotFact> facts, IReadOnlyList<UnitCondition> troubles) = await _snapshots.EnsureAsync(present.Document.Snapshots, images, present.Records, cancellationToken);
        conditions.AddRange(troubles);
        conditions.AddRange(present.Document.Snapshots.Where(snapshot => facts.Any(fact => fact.LegId == snapshot.Leg.LegId))
            .Select(snapshot => _legs.Redescribe(snapshot.Leg, present.Records?.GetValueOrDefault(snapshot.Leg.LegId))).OfType<UnitCondition>());
        RemoveLegs(present, conditions);
        return facts;
    }

    private void RemoveLegs(AcceptedConfiguration present, List<UnitCondition> conditions)
    {
        bool done = true;
        foreach (LegRemoval removal in present.Removals)
        {
            try
            {
                done &= _legs.TryRemove(removal.StoreId, removal.LegId);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
            {
                done = false;
                conditions.Add(new("apply-failed", $"Leg {removal.LegId} could not be deleted: {failure.Message}"));
            }
        }

        if (done || Sabotage.ForgetsRemovals) accepted.ForgetRemovals();
    }

    private async Task InspectAsync(CancellationToken cancellationToken)
    {
        ServedState state = State.Value;
        try
        {
            ControlAnswer answer = await blockServer.AskAsync(new ControlRequest(ControlVerb.Inspect, null), cancellationToken);
            ConfigurationStatus status = accepted.Present is null ? state.Status with { Conditions = stores.Conditions } : state.Status with { AppliedGeneration = answer.Generation };
            VolumeInspection[] volumes = [.. answer.Inspection?.Volumes.Where(volume => volume.Id != health?.VolumeId) ?? []];
            Publish(new ServedState(status, true, answer.Inspection?.Sessions.Count ?? 0)
            {
                Usage = [.. volumes.Where(volume => volume.AllocatedBytes is not null).Select(volume => new LegUsage(volume.Id, volume.AllocatedBytes ?? 0))],
                Activity = [.. volumes.Where(volume => volume.ReadCommands + volume.WriteCommands > 0).Select(ActivityOf)],
            });
        }
        catch (IOException failure)
        {
            Publish(new ServedState(state.Status with { AppliedGeneration = 0, Conditions = [.. stores.Conditions, Down(failure)] }, false, 0));
        }
    }

    private static LegActivity ActivityOf(VolumeInspection volume) =>
        new(volume.Id, volume.ReadCommands, volume.WriteCommands, volume.ReadBytes, volume.WrittenBytes, volume.ReadWriteLatencies);

    private static UnitCondition Down(IOException failure) => new("block-server-down", failure.Message);

    private static HashSet<Guid> Named(AcceptedConfiguration? present) =>
        present is null ? [] : [.. present.Document.AllLegs().Select(leg => leg.LegId).Concat(present.Removals.Select(removal => removal.LegId))];

    private void Publish(ServedState next)
    {
        ServedState previous = State.Value;
        if (previous.SaysTheSame(next)) return;
        foreach (UnitCondition condition in next.Status.Conditions.Except(previous.Status.Conditions))
            log.LogWarning("{Code}: {Message}", condition.Code, condition.Message);
        if (next.IsServed && !previous.IsServed) log.LogInformation("Generation {Generation} is served.", next.Status.AppliedGeneration);
        State.Set(next);
    }
}
