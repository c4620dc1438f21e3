namespace VSan.Station.Execution.Steps;

/// <summary>Gives back a snapshot's space and forgets it.</summary>
internal sealed class ReleaseSnapshot() : StepKind(Kind)
{
    public const string Kind = "release-snapshot";

    public override StepOutcome Do(StepContext context)
    {
        SnapshotPlan.Release(context.Transaction, context.Now, context.Step.ObjectId);
        return new StepOutcome.Done();
    }
}
