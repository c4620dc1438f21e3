using VSan.Contracts.Api;
using VSan.Station.Domain;
using PlacementVerdict = VSan.Contracts.Api.PlacementVerdict;

namespace VSan.Station.Execution;

/// <summary>Says what placement would do, and why.</summary>
public sealed class PlacementService
{
    private readonly Ledger _ledger;
    private readonly PlacementCandidates _candidates;

    internal PlacementService(Ledger ledger, PlacementCandidates candidates)
    {
        _ledger = ledger;
        _candidates = candidates;
    }

    /// <summary>Decides as a creation would, and reserves nothing.</summary>
    public Task<PlacementExplanation> ExplainAsync(Caller caller, VolumeCreate request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.ReadAsync(caller, "placement.explain", VolumeService.SubjectOf(request), transaction => Explain(transaction, caller, request), cancellationToken);
    }

    private PlacementExplanation Explain(IStationTransaction transaction, Caller caller, VolumeCreate request)
    {
        VolumeSpecification wanted = VolumeSpecification.Of(transaction, caller, request);
        PlacementDecision decision = Placement.Decide(_candidates.All(transaction, wanted.UnitIds), wanted.Placement);
        string? reason = decision.IsPlaced ? QuotaReason(transaction, wanted) : PlacementCandidates.Refusal(wanted.Placement, decision).Message;
        return View(wanted.Placement, decision, reason);
    }

    /// <summary>A decision for a person.</summary>
    internal static PlacementExplanation View(PlacementRequest request, PlacementDecision decision, string? reason) => new(
        reason is null, reason, request.Layout.ToString(), request.SizeBytes, decision.LargestBytes, [.. decision.Verdicts.Select(View)]);

    private static string? QuotaReason(IStationTransaction transaction, VolumeSpecification wanted)
    {
        try
        {
            wanted.RequireQuota(transaction);
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Message;
        }
    }

    private static PlacementVerdict View(Domain.PlacementVerdict verdict) => new(
        verdict.Candidate.Unit.Id, verdict.Candidate.Unit.Name, verdict.Candidate.Store.Id, verdict.Candidate.Store.Name,
        verdict.LegIndex, verdict.Rejection, verdict.RoomBytes, verdict.Score?.UsedRatio, verdict.Score?.Load);
}
