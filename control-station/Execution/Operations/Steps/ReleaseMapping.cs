namespace VSan.Station.Execution.Steps;

/// <summary>Buries a mapping's number and forgets the mapping.</summary>
internal sealed class ReleaseMapping() : StepKind(Kind)
{
    public const string Kind = "release-mapping";

    public override StepOutcome Do(StepContext context)
    {
        context.Transaction.ReleaseMapping(context.Step.ObjectId, context.Now);
        return new StepOutcome.Done();
    }
}
