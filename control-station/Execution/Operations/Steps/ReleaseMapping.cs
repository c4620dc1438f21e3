using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Buries a mapping's numbers and forgets the mapping; a number's rest begins when its unit no longer serves it.</summary>
internal sealed class ReleaseMapping(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "release-mapping";

    public override StepOutcome Do(StepContext context)
    {
        OperationStep withdrawn = context.Operation.Steps.First(step => step.Kind == WithdrawMapping.Kind);
        context.Transaction.ReleaseMapping(
            context.Step.ObjectId, context.Now, unitId => units.Serves(unitId, withdrawn.Memo) ? context.Now : LunTombstone.StillServed);
        return new StepOutcome.Done();
    }
}
