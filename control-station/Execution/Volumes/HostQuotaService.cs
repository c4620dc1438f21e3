using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>How much hosts may ask for by themselves.</summary>
public sealed class HostQuotaService
{
    private readonly Ledger _ledger;

    internal HostQuotaService(Ledger ledger) => _ledger = ledger;

    /// <summary>A host's quota and what counts against it.</summary>
    public Task<HostQuota> GetAsync(Caller caller, Guid hostId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "host.read", $"host/{hostId}", transaction => View(transaction, hostId), cancellationToken);
    }

    /// <summary>Sets it. One that is smaller than what is in use takes nothing away and grants nothing more.</summary>
    public Task<HostQuota> SetAsync(Caller caller, Guid hostId, HostQuotaSpec request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.BytesMax < 0) throw ProblemException.Field("/bytesMax", "must be 0 or more.");
        if (request.VolumesMax < 0) throw ProblemException.Field("/volumesMax", "must be 0 or more.");
        return _ledger.MutateAsync(
            caller,
            "host.set-quota",
            $"host/{hostId}",
            (transaction, now) =>
            {
                Domain.Host host = transaction.Require<Domain.Host>(hostId, "host");
                ITable<Domain.HostQuota> quotas = transaction.Table<Domain.HostQuota>();
                if (quotas.Find(hostId) is { } known) quotas.Update(known with { BytesMax = request.BytesMax, VolumesMax = request.VolumesMax });
                else quotas.Insert(new Domain.HostQuota(hostId, request.BytesMax, request.VolumesMax));
                transaction.AppendEvent(now, "host.quota-set", $"host/{hostId}", $"{host.Name} may ask for {request.VolumesMax} volumes and {Domain.SizeText.Of(request.BytesMax)} by itself.");
                return View(transaction, hostId);
            },
            cancellationToken);
    }

    private static HostQuota View(IStationTransaction transaction, Guid hostId)
    {
        transaction.Require<Domain.Host>(hostId, "host");
        Domain.HostQuota? quota = transaction.Table<Domain.HostQuota>().Find(hostId);
        (int volumes, long bytes) = HostClaims.Used(transaction, hostId);
        return new HostQuota(hostId, quota?.BytesMax, quota?.VolumesMax, bytes, volumes);
    }
}
