using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The claim of a disk, made in the transaction that stores the operation. Undone in two turns: the claim is withdrawn, and then the unit
/// has let go of the disk. What lies on the disk by then stays there.
/// </summary>
internal sealed class ClaimDisk(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "claim-disk";

    public override bool Undoable => true;

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        ITable<DiskClaim> claims = context.Transaction.Table<DiskClaim>();
        if (context.Step.Memo is not { } memo)
        {
            if (claims.Find(context.Step.ObjectId) is not { } claim) return new StepOutcome.Done();
            claims.Delete(claim.Id);
            memo = UnitFollowing.Raise(context.Transaction, [claim.UnitId]);
        }

        return units.Await(context, memo) ?? new StepOutcome.Done(Memo: memo);
    }
}
