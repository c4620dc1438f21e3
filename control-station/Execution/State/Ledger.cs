using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The way of all services to the store: rights, audit, and the signal that something was committed.</summary>
internal sealed class Ledger(IStationStore store, TimeProvider time)
{
    private const string WorkLease = "station.work";
    private const string WorkHolder = "station";

    private static readonly TimeSpan WorkTerm = TimeSpan.FromDays(1);
    private static readonly TimeSpan SpaceRetry = TimeSpan.FromSeconds(1);

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
        catch (StoreFullException full)
        {
            throw new ProblemException("station-full", full.Message, "Make room on the disk of the station's state directory; it goes on by itself.");
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
