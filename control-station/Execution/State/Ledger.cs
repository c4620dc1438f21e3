namespace VSan.Station.Execution;

/// <summary>The way of all services to the store: rights, audit, and the signal that something was committed.</summary>
internal sealed class Ledger(IStationStore store, TimeProvider time)
{
    /// <summary>Pulses after each commit.</summary>
    public Signal Committed { get; } = new();

    /// <summary>Looks.</summary>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken) => store.ReadAsync(read, cancellationToken);

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
    public async Task<T> WriteAsync<T>(Func<IStationTransaction, DateTimeOffset, T> write, CancellationToken cancellationToken)
    {
        T result = await store.WriteAsync(transaction => write(transaction, time.GetUtcNow()), cancellationToken);
        Committed.Pulse();
        return result;
    }

    /// <summary>
    /// Changes something for a caller, who must be allowed to where <paramref name="subject"/> is (<c>volume/{id}</c>; a kind and a name for
    /// what does not exist yet). The audit line is part of the transaction; a denial gets its own.
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
                    Permissions.Require(caller, action, Reach.Of(transaction, subject));
                    RequireSeen(transaction, caller, subject);
                    T result = write(transaction, now);
                    if (caller.IsDryRun) throw new DryRunException(result);
                    transaction.AppendAudit(now, caller.Name, action, subject, "granted");
                    return result;
                },
                cancellationToken);
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

    private static void RequireSeen(IStationTransaction transaction, Caller caller, string subject)
    {
        if (caller.SeenGeneration is not { } seen) return;
        if (Subjects.Find(transaction, subject) is { } record && record.Generation != seen)
            throw new ProblemException("precondition-failed", $"The object was changed since it was read: it is of generation {record.Generation}, not {seen}.", "Read it again, and decide anew.");
    }
}
