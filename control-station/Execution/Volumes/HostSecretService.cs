using VSan.Contracts.Api;
using VSan.Station.Domain;
using Host = VSan.Station.Domain.Host;
using Unit = VSan.Station.Domain.Unit;

namespace VSan.Station.Execution;

/// <summary>
/// Replaces CHAP secrets: on request, and at an age where a host asks for that. Each unit goes from the former secret alone to both and then
/// to the new one alone, and the host is told the new one when its unit admits both (<see cref="Credential"/>).
/// </summary>
public sealed class HostSecretService
{
    private const int OverlapHoursDefault = 168;
    private const int OverlapHoursMax = 8760;
    private const int EveryDaysMax = 3650;

    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(5);

    /// <summary>Ages are days; an hour late is nothing.</summary>
    private static readonly TimeSpan AgeEvery = TimeSpan.FromHours(1);

    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;
    private readonly ISecretProtector _protector;
    private readonly TimeProvider _time;
    private readonly Signal _rotated = new();

    internal HostSecretService(Ledger ledger, UnitReconcilers reconcilers, ISecretProtector protector, TimeProvider time)
    {
        _ledger = ledger;
        _reconcilers = reconcilers;
        _protector = protector;
        _time = time;
    }

    /// <summary>Where the secrets of a host stand.</summary>
    public Task<HostSecrets> GetAsync(Caller caller, Guid hostId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "host.read", $"host/{hostId}", transaction => View(transaction, transaction.Require<Host>(hostId, "host")), cancellationToken);
    }

    /// <summary>Makes fresh secrets for a host on each unit. A unit that does not admit the last ones yet is left with them.</summary>
    public async Task<HostSecrets> RotateAsync(Caller caller, Guid hostId, SecretRotate request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.OverlapHours is < 0 or > OverlapHoursMax) throw ProblemException.Field("/overlapHours", $"must be 0 to {OverlapHoursMax}.");
        if (request.EveryDays is < 0 or > EveryDaysMax) throw ProblemException.Field("/everyDays", $"must be 0 to {EveryDaysMax}.");
        TimeSpan overlap = TimeSpan.FromHours(request.OverlapHours ?? OverlapHoursDefault);
        HostSecrets secrets = await _ledger.MutateAsync(
            caller,
            "host.rotate-secret",
            $"host/{hostId}",
            (transaction, now) =>
            {
                Host host = transaction.Require<Host>(hostId, "host");
                if (request.EveryDays is { } days) host = transaction.Table<Host>().Update(host with { RotateEveryDays = days == 0 ? null : days });
                foreach (Credential credential in transaction.Table<Credential>().Where(Lookups.CredentialHost, hostId.ToString())) Rotate(transaction, now, host, credential, overlap);
                return View(transaction, host);
            },
            cancellationToken);
        foreach (HostSecret secret in secrets.Units) _reconcilers.Of(secret.UnitId).Wake();
        _rotated.Pulse();
        return secrets;
    }

    /// <summary>Watches rotations and ages until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task rotated = _rotated.Next;
            bool rotating = await WatchAsync(cancellationToken);
            using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(rotated, Task.Delay(rotating ? WatchEvery : AgeEvery, _time, waiting.Token));
            cancellationToken.ThrowIfCancellationRequested();
            await waiting.CancelAsync();
        }
    }

    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        (bool rotating, Guid[] due) = await _ledger.ReadAsync(
            transaction =>
            {
                IReadOnlyList<Credential> all = transaction.Table<Credential>().Page(after: null, int.MaxValue);
                return (all.Any(credential => credential.Rotation is not null), all.Where(credential => IsDue(transaction, credential, now)).Select(credential => credential.Id).ToArray());
            },
            cancellationToken);
        foreach (Guid id in due)
            if (await _ledger.WriteAsync((transaction, at) => Move(transaction, at, id), cancellationToken) is { } unitId) _reconcilers.Of(unitId).Wake();
        return rotating || due.Length > 0;
    }

    private bool IsDue(IStationTransaction transaction, Credential credential, DateTimeOffset now) => credential.Rotation switch
    {
        { AcceptedAt: null } rotation => Admits(credential, rotation),
        { AcceptedAt: { } acceptedAt } rotation => now - acceptedAt >= rotation.Overlap,
        null => transaction.Table<Host>().Find(credential.HostId) is { RotateEveryDays: { } days } && now - credential.MadeAt >= TimeSpan.FromDays(days),
    };

    // The unit whose configuration has changed, or null.
    private Guid? Move(IStationTransaction transaction, DateTimeOffset now, Guid id)
    {
        if (transaction.Table<Credential>().Find(id) is not { } credential || !IsDue(transaction, credential, now)) return null;
        Host host = transaction.Require<Host>(credential.HostId, "host");
        if (credential.Rotation is not { } rotation)
        {
            Rotate(transaction, now, host, credential, TimeSpan.FromHours(OverlapHoursDefault));
            return credential.UnitId;
        }

        if (rotation.AcceptedAt is null)
        {
            transaction.Table<Credential>().Update(credential with { Rotation = rotation with { AcceptedAt = now } });
            transaction.AppendEvent(now, "host.secret-accepted", $"host/{host.Id}", $"{UnitName(transaction, credential)} admits {host.Name} with its new secret; the former one ends in {rotation.Overlap.TotalHours:0} h.");
            return null;
        }

        transaction.Table<Credential>().Update(credential with { Rotation = null });
        transaction.RaiseGeneration(credential.UnitId);
        transaction.AppendEvent(now, "host.secret-ended", $"host/{host.Id}", $"The former secret of {host.Name} on {UnitName(transaction, credential)} has ended.");
        return credential.UnitId;
    }

    private void Rotate(IStationTransaction transaction, DateTimeOffset now, Host host, Credential credential, TimeSpan overlap)
    {
        // A third secret while the unit may still admit the first one alone would leave the host without any that works.
        if (credential.Rotation is { AcceptedAt: null }) return;
        _reconcilers.RequireInStep(transaction, credential.UnitId);
        long generation = transaction.RaiseGeneration(credential.UnitId);
        transaction.Table<Credential>().Update(CredentialSecrets.Rotate(credential, now, generation, overlap, _protector));
        transaction.AppendEvent(now, "host.secret-rotated", $"host/{host.Id}", $"{host.Name} gets a new secret on {UnitName(transaction, credential)}.");
    }

    private bool Admits(Credential credential, SecretRotation rotation) => _reconcilers.ProgressOf(credential.UnitId).Serves(rotation.UnitGeneration);

    private static string UnitName(IStationTransaction transaction, Credential credential) => transaction.Table<Unit>().Find(credential.UnitId)?.Name ?? "a forgotten unit";

    private static HostSecrets View(IStationTransaction transaction, Host host) => new(
        host.Id,
        host.RotateEveryDays,
        [
            .. transaction.Table<Credential>().Where(Lookups.CredentialHost, host.Id.ToString()).Select(credential => new HostSecret(
                credential.UnitId, UnitName(transaction, credential), credential.MadeAt, credential.Rotation is not null,
                credential.Rotation?.AcceptedAt, credential.Rotation?.AcceptedAt + credential.Rotation?.Overlap)),
        ]);
}
