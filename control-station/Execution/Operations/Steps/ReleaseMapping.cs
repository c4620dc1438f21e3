using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Buries a mapping's number and forgets the mapping; the number's rest begins when its unit no longer serves it.</summary>
internal sealed class ReleaseMapping(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "release-mapping";

    public override StepOutcome Do(StepContext context)
    {
        OperationStep withdrawn = context.Operation.Steps.First(step => step.Kind == WithdrawMapping.Kind);
        bool served = UnitFollowing.Units(withdrawn.Memo).All(unitId => units.Serves(unitId, withdrawn.Memo));
        context.Transaction.ReleaseMapping(context.Step.ObjectId, context.Now, served ? context.Now : LunTombstone.StillServed);
        return new StepOutcome.Done();
    }
}
