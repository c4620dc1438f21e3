using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Waits while a unit starts again with an image, and until it has found itself healthy with it or is back with the one before.</summary>
internal sealed class StartImage(UnitPresence presence) : StepKind(Kind)
{
    public const string Kind = "start-image";

    private const string Tried = "tried";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Unit(step.ObjectId))];

    public override string? Remains(OperationStep step) => step.Memo is null ? null : "The unit has started the new version; it stays with it if it finds itself healthy.";

    public override StepOutcome Do(StepContext context)
    {
        if (ImageProgress.Of(context, presence) is not { } found) return new StepOutcome.Done("The unit was forgotten.");
        if (!found.IsPresent) return new StepOutcome.Waiting($"{found.Unit.Name} starts again with version {found.Image.Version}", WaitReason.Unit, LookAgain: LookAgain);
        if (found.Failure is { } failure) return new StepOutcome.Failed(failure);
        return found.Fact switch
        {
            { Phase: ImagePhase.Running } => new StepOutcome.Done($"{found.Unit.Name} runs version {found.Image.Version}, and is healthy."),
            { Phase: ImagePhase.OnTrial } trial => new StepOutcome.Waiting($"{found.Unit.Name} runs version {found.Image.Version} on trial{(trial.Trouble is { } trouble ? $": {trouble}" : string.Empty)}", Memo: Tried, LookAgain: LookAgain),
            { Trouble: { } trouble } => new StepOutcome.Waiting($"{found.Unit.Name} tries again: {trouble}", LookAgain: LookAgain),
            _ => new StepOutcome.Waiting($"{found.Unit.Name} starts again with version {found.Image.Version}", LookAgain: LookAgain),
        };
    }
}
