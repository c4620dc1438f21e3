using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Taking, keeping and checking leases, within the transaction of the work that they protect.</summary>
public static class Leases
{
    /// <summary>Takes a lease that is free, has expired, or is this holder's already (which renews it).</summary>
    /// <returns>The lease with its epoch; null while another has it.</returns>
    public static Lease? TryTake(this IStationTransaction transaction, DateTimeOffset now, string name, string holder, TimeSpan term)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        Lease? present = transaction.Table<Lease>().Find(Lease.IdOf(name));
        if (present is not null && present.Holder != holder && now < present.ExpiresAt) return null;
        return present?.Holder == holder
            ? transaction.Table<Lease>().Update(present with { ExpiresAt = now + term })
            : Take(transaction, present, name, holder, now + term);
    }

    /// <summary>Takes a lease from whoever has it. Only who knows that the other is dead, or fenced by the epoch, may do so.</summary>
    public static Lease TakeOver(this IStationTransaction transaction, DateTimeOffset now, string name, string holder, TimeSpan term)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return Take(transaction, transaction.Table<Lease>().Find(Lease.IdOf(name)), name, holder, now + term);
    }

    /// <summary>Refuses the transaction of a holder whose lease was taken by another since.</summary>
    /// <exception cref="LeaseLostException">It was.</exception>
    public static void RequireEpoch(this IStationTransaction transaction, string name, long epoch)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.Table<Lease>().Find(Lease.IdOf(name)) is not { } lease || lease.Epoch != epoch)
            throw new LeaseLostException($"The lease {name} of epoch {epoch} was taken by another.");
    }

    private static Lease Take(IStationTransaction transaction, Lease? present, string name, string holder, DateTimeOffset expiresAt) => present is null
        ? transaction.Table<Lease>().Insert(new Lease(Lease.IdOf(name), name, holder, Epoch: 1, expiresAt))
        : transaction.Table<Lease>().Update(present with { Holder = holder, Epoch = present.Epoch + 1, ExpiresAt = expiresAt });
}
