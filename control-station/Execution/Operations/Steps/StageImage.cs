using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Waits while a unit fetches an image, checks it and puts it on its boot disk; it says how far it is in its reports.</summary>
internal sealed class StageImage(UnitPresence presence) : StepKind(Kind)
{
    public const string Kind = "stage-image";

    /// <summary>Reports come each second.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override StepOutcome Do(StepContext context)
    {
        if (ImageProgress.Of(context, presence) is not { } found) return new StepOutcome.Done("The unit was forgotten.");
        if (found.Fact is { Phase: not (ImagePhase.Fetching or ImagePhase.Refused or ImagePhase.FellBack) }) return new StepOutcome.Done();
        if (found.Failure is { } failure) return new StepOutcome.Failed(failure);
        if (!found.IsPresent) return new StepOutcome.Waiting($"waiting for {found.Unit.Name} to come back", WaitReason.Unit, LookAgain: LookAgain);
        if (found.Fact is not { } fact) return new StepOutcome.Waiting($"waiting for {found.Unit.Name} to begin", LookAgain: LookAgain);
        return new StepOutcome.Waiting(
            fact.Trouble is { } trouble ? $"{found.Unit.Name} tries again: {trouble}" : $"{found.Unit.Name} fetches version {fact.Version}",
            Progress: OperationProgress.After(context.Operation.Progress, fact.DoneBytes, found.Image.SizeBytes, context.Now),
            LookAgain: LookAgain);
    }
}
