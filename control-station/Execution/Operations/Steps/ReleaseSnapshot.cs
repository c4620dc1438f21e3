namespace VSan.Station.Execution.Steps;

/// <summary>Forgets a snapshot, and gives back its space where its unit is rid of it; where that was away, its copy becomes a leftover.</summary>
internal sealed class ReleaseSnapshot(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "release-snapshot";

    public override StepOutcome Do(StepContext context)
    {
        string? memo = context.Operation.Steps.FirstOrDefault(step => step.Kind == LetGo.Kind)?.Memo;
        SnapshotPlan.Release(context.Transaction, context.Now, context.Step.ObjectId, units, memo);
        return new StepOutcome.Done();
    }
}
