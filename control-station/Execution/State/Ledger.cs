using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The way of all services to the store: rights, audit, and the signal that something was committed.</summary>
internal sealed class Ledger(IStationStore store, TimeProvider time, ISecretProtector protector)
{
    private const string WorkLease = "station.work";
    private const string WorkHolder = "station";

    private static readonly TimeSpan WorkTerm = TimeSpan.FromDays(1);
    private static readonly TimeSpan SpaceRetry = TimeSpan.FromSeconds(1);

    private readonly GivenAnswers _answers = new(protector);
    private long? _epoch;

    /// <summary>Pulses after each commit.</summary>
    public Signal Committed { get; } = new();

    /// <summary>Looks.</summary>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken) => store.ReadAsync(read, cancellationToken);

    /// <summary>
    /// Begins the work of this station, from which on it is the only one: another process that still works on the same store can write
    /// nothing any more, whatever it thinks the time is.
    /// </summary>
    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        Lease lease = await WriteAsync((transaction, now) => transaction.TakeOver(now, WorkLease, WorkHolder, WorkTerm), cancellationToken);
        _epoch = lease.Epoch;
    }

    /// <summary>Looks at one object, or at what a kind alone names, for a caller who must be allowed to; a denial gets an audit line.</summary>
    public async Task<T> ReadAsync<T>(Caller caller, string action, string subject, Func<IStationTransaction, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        try
        {
            return await ReadAsync(
                transaction =>
                {
                    Permissions.Require(caller, action, Reach.Of(transaction, subject));
                    return read(transaction);
                },
                cancellationToken);
        }
        catch (ProblemException problem) when (problem.Code == "forbidden")
        {
            await AuditAsync(caller.Name, action, subject, problem.Code, cancellationToken);
            throw;
        }
    }

    /// <summary>Changes something for the station itself.</summary>
    /// <exception cref="LeaseLostException">Another process has taken the work over.</exception>
    public async Task<T> WriteAsync<T>(Func<IStationTransaction, DateTimeOffset, T> write, CancellationToken cancellationToken)
    {
        T result = await store.WriteAsync(
            transaction =>
            {
                if (_epoch is { } epoch) transaction.RequireEpoch(WorkLease, epoch);
                return write(transaction, time.GetUtcNow());
            },
            cancellationToken);
        Committed.Pulse();
        return result;
    }

    /// <summary>The same for work that nobody waits for: while the disk is full it waits, and goes on once there is space.</summary>
    public async Task<T> PersistAsync<T>(Func<IStationTransaction, DateTimeOffset, T> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await WriteAsync(write, cancellationToken);
            }
            catch (StoreFullException)
            {
                await Task.Delay(SpaceRetry, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Changes something for a caller, who must be allowed to where <paramref name="subject"/> is (<c>volume/{id}</c>; a kind and a name for
    /// what does not exist yet). The audit line is part of the transaction; a denial gets its own. A request with a key is carried out once:
    /// its repetition changes nothing and is given the same answer.
    /// </summary>
    public async Task<T> MutateAsync<T>(
        Caller caller,
        string action,
        string subject,
        Func<IStationTransaction, DateTimeOffset, T> write,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        try
        {
            return await WriteAsync(
                (transaction, now) =>
                {
                    GivenAnswer? given = GivenAnswers.Find(transaction, now, caller, action);
                    // What a request has removed has no place any more; whoever repeats it was allowed to there.
                    if (given is null || !Subjects.IsGone(transaction, subject)) Permissions.Require(caller, action, Reach.Of(transaction, subject));
                    T result = given is not null
                        ? _answers.Repeat<T>(transaction, given, caller.Request!, subject)
                        : Change(transaction, now, caller, action, subject, write);
                    if (caller.IsDryRun) throw new DryRunException(result);
                    transaction.AppendAudit(now, caller.Name, action, subject, "granted");
                    return result;
                },
                cancellationToken);
        }
        catch (StoreFullException full)
        {
            throw full.AsProblem();
        }
        catch (ProblemException problem)
        {
            await AuditAsync(caller.Name, action, subject, problem.Code, cancellationToken);
            throw;
        }
        catch (DryRunException)
        {
            await AuditAsync(caller.Name, action, subject, "dry-run", cancellationToken);
            throw;
        }
    }

    /// <summary>Adds an audit line of its own.</summary>
    public Task<bool> AuditAsync(string who, string action, string subject, string outcome, CancellationToken cancellationToken) => WriteAsync(
        (transaction, now) =>
        {
            transaction.AppendAudit(now, who, action, subject, outcome);
            return true;
        },
        cancellationToken);

    private T Change<T>(IStationTransaction transaction, DateTimeOffset now, Caller caller, string action, string subject, Func<IStationTransaction, DateTimeOffset, T> write)
    {
        RequireSeen(transaction, caller, subject);
        T result = write(transaction, now);
        _answers.Keep(transaction, now, caller, action, subject, result);
        return result;
    }

    private static void RequireSeen(IStationTransaction transaction, Caller caller, string subject)
    {
        if (caller.SeenGeneration is not { } seen) return;
        if (Subjects.Find(transaction, subject) is { } record && record.Generation != seen)
            throw new ProblemException("precondition-failed", $"The object was changed since it was read: it is of generation {record.Generation}, not {seen}.", "Read it again, and decide anew.");
    }
}
