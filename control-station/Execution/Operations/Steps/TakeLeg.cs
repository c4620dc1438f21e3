using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The incoming leg is the volume's from here on; the host is told of the outgoing one no more, and lets it go.</summary>
internal sealed class TakeLeg() : StepKind(Kind)
{
    public const string Kind = "take-leg";

    public override string? PointOfNoReturn(OperationStep step) => "The host has the new leg, and may have let the old one go already.";

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegReplacement>().Find(context.Step.ObjectId) is not { State: LegReplacementState.Joining } replacement) return new StepOutcome.Done();
        transaction.Table<LegReplacement>().Update(replacement with { State = LegReplacementState.Leaving, LeavingId = replacement.OutgoingId });

        // A later generation of the volume: of two legs with one place an import believes the one that was described with it.
        if (transaction.Table<Volume>().Find(replacement.VolumeId) is { } volume) transaction.Table<Volume>().Update(volume);
        string memo = UnitFollowing.Raise(transaction, new[] { replacement.Id, replacement.OutgoingId }.Select(id => transaction.Table<Leg>().Find(id)).OfType<Leg>().Select(leg => leg.UnitId));
        return new StepOutcome.Done(Memo: memo);
    }
}
