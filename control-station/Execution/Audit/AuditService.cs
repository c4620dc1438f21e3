using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The audit log: looks and checks. Nothing here can change it.</summary>
public sealed class AuditService
{
    private const int LimitMax = 500;

    private readonly Ledger _ledger;
    private readonly IStationStore _store;

    internal AuditService(Ledger ledger, IStationStore store)
    {
        _ledger = ledger;
        _store = store;
    }

    /// <summary>One page, newest first.</summary>
    public Task<AuditPage> ListAsync(Caller caller, AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > LimitMax) throw ProblemException.Field("/limit", $"must be 1 to {LimitMax}.");
        return _ledger.ReadAsync(
            caller,
            "audit.read",
            "audit",
            transaction =>
            {
                IReadOnlyList<AuditRecord> lines = transaction.AuditLines(query with { Limit = query.Limit + 1 });
                bool more = lines.Count > query.Limit;
                return new AuditPage(
                    [.. lines.Take(query.Limit).Select(AuditChain.View)],
                    more ? lines[query.Limit - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
            },
            cancellationToken);
    }

    /// <summary>Checks the whole log.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="noted">A line's number and hash that were noted earlier, or null.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async Task<AuditVerification> VerifyAsync(Caller caller, (long Number, string Hash)? noted, CancellationToken cancellationToken)
    {
        _ = await _ledger.ReadAsync(caller, "audit.read", "audit", _ => true, cancellationToken);
        return await AuditChain.VerifyAsync(_store, noted, cancellationToken);
    }
}
