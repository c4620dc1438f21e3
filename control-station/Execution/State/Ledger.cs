namespace VSan.Station.Execution;

/// <summary>The way of all services to the store: rights, audit, and the signal that something was committed.</summary>
internal sealed class Ledger(IStationStore store, TimeProvider time)
{
    /// <summary>Pulses after each commit.</summary>
    public Signal Committed { get; } = new();

    /// <summary>Looks.</summary>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken) => store.ReadAsync(read, cancellationToken);

    /// <summary>Changes something for the station itself.</summary>
    public async Task<T> WriteAsync<T>(Func<IStationTransaction, DateTimeOffset, T> write, CancellationToken cancellationToken)
    {
        T result = await store.WriteAsync(transaction => write(transaction, time.GetUtcNow()), cancellationToken);
        Committed.Pulse();
        return result;
    }

    /// <summary>Changes something for a caller, who must be allowed to. The audit line is part of the transaction; a denial gets its own.</summary>
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
            if (!Permissions.Allow(caller, action)) throw new ProblemException("forbidden", $"{caller.Name} may not do {action}.");
            return await WriteAsync(
                (transaction, now) =>
                {
                    T result = write(transaction, now);
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
    }

    /// <summary>Adds an audit line of its own.</summary>
    public Task<bool> AuditAsync(string who, string action, string subject, string outcome, CancellationToken cancellationToken) => WriteAsync(
        (transaction, now) =>
        {
            transaction.AppendAudit(now, who, action, subject, outcome);
            return true;
        },
        cancellationToken);
}
