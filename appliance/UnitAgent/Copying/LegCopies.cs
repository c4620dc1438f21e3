using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Copying;

/// <summary>
/// Copies legs of other units, each by a task of its own that tries again until it is done or no longer wanted.
/// <code>
///   wanted ──► copying ⇄ in trouble (tried again after a while) ──► verifying ──► done
///                 ▲───────────────── digests differ ◄───────────────────┘
/// </code>
/// </summary>
internal sealed class LegCopies(Guid unitId, IStoreSet stores, TimeProvider time, ILogger<LegCopies> log) : ILegCopies, IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly LegFiles _files = new(unitId, stores, LocalFiles.Instance);
    private readonly Dictionary<Guid, Running> _running = [];
    private volatile LegCopyFact[] _facts = [];
    private readonly Lock _factsGate = new();

    /// <inheritdoc/>
    public IReadOnlyList<LegCopyFact>? Facts => _facts is { Length: > 0 } facts ? facts : null;

    /// <inheritdoc/>
    public async Task FollowAsync(IReadOnlyList<LegCopySpec> wanted, IReadOnlyDictionary<string, string> secrets)
    {
        foreach ((Guid legId, Running running) in _running.ToArray())
        {
            LegCopySpec? now = wanted.FirstOrDefault(copy => copy.Leg.LegId == legId);
            if (now is not null && running.Stands(now, secrets)) continue;
            await StopAsync(legId, running);
        }

        foreach (LegCopySpec copy in wanted.Where(copy => !_running.ContainsKey(copy.Leg.LegId)))
        {
            CancellationTokenSource end = new();
            string secret = secrets[copy.ChapSecretReference];
            _running[copy.Leg.LegId] = new Running(copy, secret, end, Task.Run(() => RunAsync(copy, secret, end.Token), CancellationToken.None));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach ((Guid legId, Running running) in _running.ToArray()) await StopAsync(legId, running);
    }

    private async Task StopAsync(Guid legId, Running running)
    {
        await running.End.CancelAsync();
        await running.Work;
        running.End.Dispose();
        _running.Remove(legId);
        lock (_factsGate) _facts = [.. _facts.Where(fact => fact.LegId != legId)];
    }

    private async Task RunAsync(LegCopySpec copy, string secret, CancellationToken cancellationToken)
    {
        Tell(new LegCopyFact(copy.Leg.LegId, LegCopyPhase.Copying, 0, copy.Leg.SizeBytes));
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                string digest = await new LegCopyRun(copy, secret, _files, Tell).RunAsync(cancellationToken);
                Tell(new LegCopyFact(copy.Leg.LegId, LegCopyPhase.Done, copy.Leg.SizeBytes, copy.Leg.SizeBytes) { Digest = digest });
                log.LogInformation("Leg {Leg} of volume {Volume} was copied; digest {Digest}.", copy.Leg.LegId, copy.Leg.VolumeName, digest);
                return;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure or InvalidDataException && !cancellationToken.IsCancellationRequested)
            {
                // Whatever the other unit or the disk did: it is told, and tried again until nobody wants it any more.
                log.LogWarning(failure, "Leg {Leg} of volume {Volume} could not be copied; it is tried again.", copy.Leg.LegId, copy.Leg.VolumeName);
                Tell(Told(copy.Leg) with { Trouble = failure.Message });
                await Task.Delay(Retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private LegCopyFact Told(LegSpec leg) => _facts.FirstOrDefault(fact => fact.LegId == leg.LegId) ?? new LegCopyFact(leg.LegId, LegCopyPhase.Copying, 0, leg.SizeBytes);

    private void Tell(LegCopyFact fact)
    {
        lock (_factsGate) _facts = [.. _facts.Where(other => other.LegId != fact.LegId), fact];
    }

    private sealed record Running(LegCopySpec Copy, string Secret, CancellationTokenSource End, Task Work)
    {
        // Records compare lists by reference: a document that was read anew has others.
        public bool Stands(LegCopySpec now, IReadOnlyDictionary<string, string> secrets) =>
            Copy with { Portals = now.Portals } == now && Copy.Portals.SequenceEqual(now.Portals) && secrets.GetValueOrDefault(now.ChapSecretReference) == Secret;
    }
}
