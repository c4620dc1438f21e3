using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>Rebuilds the configuration from the units alone, when there is no backup: what lies beside their legs is asked for and taken over.</summary>
public sealed class ImportService
{
    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;
    private readonly IUnitLinks _links;
    private readonly ISecretProtector _protector;
    private readonly ICertificateAuthority _authority;

    internal ImportService(Ledger ledger, UnitReconcilers reconcilers, IUnitLinks links, ISecretProtector protector, ICertificateAuthority authority)
    {
        _ledger = ledger;
        _reconcilers = reconcilers;
        _links = links;
        _protector = protector;
        _authority = authority;
    }

    /// <summary>Takes over what the connected units keep and this station does not know. Asking again changes nothing more.</summary>
    public async Task<ImportReport> ImportAsync(Caller caller, ImportRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        using X509Certificate2? former = ReadFormer(request.FormerCa);
        bool dryRun = request.DryRun == true || caller.IsDryRun;
        Caller asking = caller with { IsDryRun = dryRun };
        Permissions.Require(caller, "pool.import", Reach.Pool);
        (IReadOnlyList<UnitLegs> found, IReadOnlyList<string> silent) = await AskAsync(cancellationToken);
        try
        {
            IReadOnlyList<UnitLegs> imported = [];
            ImportReport report = await _ledger.MutateAsync(
                asking,
                "pool.import",
                "pool",
                (transaction, now) =>
                {
                    imported = found;
                    return Import(transaction, now, found, silent, former, dryRun);
                },
                cancellationToken);
            foreach (UnitLegs unit in imported) _reconcilers.Of(unit.UnitId).OnImported();
            return report;
        }
        catch (DryRunException trial) when (!caller.IsDryRun)
        {
            return (ImportReport)trial.Result!;
        }
    }

    private ImportReport Import(IStationTransaction transaction, DateTimeOffset now, IReadOnlyList<UnitLegs> found, IReadOnlyList<string> silent, X509Certificate2? former, bool dryRun)
    {
        PoolImport import = new(transaction, now, _protector, _authority, former);
        import.Take(found);
        ImportReport report = import.Report(dryRun, silent);
        transaction.AppendEvent(now, "pool.imported", "pool", $"{report.Volumes.Count} volumes were made again from what {report.Units.Count} units keep; {report.Notes.Count} things were set aside.");
        return report;
    }

    private async Task<(IReadOnlyList<UnitLegs> Found, IReadOnlyList<string> Silent)> AskAsync(CancellationToken cancellationToken)
    {
        Domain.Unit[] units = await _ledger.ReadAsync(
            transaction => transaction.Table<Domain.Unit>().Page(after: null, int.MaxValue).Where(unit => unit.IsAdmitted).ToArray(),
            cancellationToken);
        List<UnitLegs> found = [];
        List<string> silent = [];
        foreach (Domain.Unit unit in units)
        {
            try
            {
                found.Add(await AskAsync(unit.Id, cancellationToken));
            }
            catch (Exception error) when (error is IOException or TimeoutException or InvalidDataException)
            {
                silent.Add($"{unit.Name} could not be asked: {error.Message} Import again when it is back.");
            }
        }

        return (found, silent);
    }

    private async Task<UnitLegs> AskAsync(Guid unitId, CancellationToken cancellationToken)
    {
        if (!_links.IsConnected(unitId)) throw new IOException("it is not connected.");
        List<FoundLeg> legs = [];
        while (true)
        {
            FoundLegPage page = await _links.LegsAsync(unitId, legs.Count == 0 ? Guid.Empty : legs[^1].LegId, unservedOnly: false, cancellationToken);
            if (page.Items is null || page.Items.Any(leg => leg is null)) throw new InvalidDataException("it described legs that cannot be.");
            legs.AddRange(page.Items);
            if (!page.More || page.Items.Count == 0) return new UnitLegs(unitId, page.Generation, legs);
        }
    }

    private static X509Certificate2? ReadFormer(string? pem)
    {
        try
        {
            return pem is null ? null : X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException damage)
        {
            throw ProblemException.Field("/formerCa", $"is no certificate in PEM: {damage.Message}");
        }
    }
}

/// <summary>What lies on one unit.</summary>
/// <param name="UnitId">The unit.</param>
/// <param name="Generation">The generation that it has accepted; 0 for none.</param>
/// <param name="Legs">The legs on its stores.</param>
internal sealed record UnitLegs(Guid UnitId, long Generation, IReadOnlyList<FoundLeg> Legs);
