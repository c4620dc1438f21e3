using VSan.Contracts.Api;
using VSan.Station.Domain;
using Host = VSan.Station.Domain.Host;
using Leg = VSan.Station.Domain.Leg;
using OperationProgress = VSan.Station.Domain.OperationProgress;
using Unit = VSan.Station.Domain.Unit;

namespace VSan.Station.Execution.Steps;

/// <summary>Waits while the host's agent takes the incoming leg into its mirror and brings it up to date; the agent says how far it is.</summary>
internal sealed class SyncLeg(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "sync-leg";

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegReplacement>().Find(context.Step.ObjectId) is not { State: LegReplacementState.Joining } replacement) return new StepOutcome.Done();
        if (transaction.Table<Leg>().Find(replacement.Id) is not { } leg || transaction.Table<Unit>().Find(leg.UnitId) is not { } unit)
            return new StepOutcome.Failed(new OperationFailure("leg-in-use", "The unit that the new leg was made on was forgotten meanwhile.", "Look at the volume, then ask again."));
        if (units.AnswerOf(unit.Id).Troubles.GetValueOrDefault(leg.Id) is { } trouble) return UnitFollowing.Refused(unit, trouble);
        if (LegReplacements.UserOf(transaction, replacement.VolumeId) is not { } host)
            return new StepOutcome.Failed(new OperationFailure("leg-in-use", "The volume was taken from its host meanwhile, so nobody brings the new leg up to date.", "Move the leg again: a unit copies it when no host has the volume."));
        HostVolumeReport? report = HostReports.Of(transaction, host.Id, replacement.VolumeId);
        if (HostReports.LegOf(report, leg.Id) is not { } incoming) return Wait($"waiting for the agent of {host.Name} to take the new leg in");
        if (incoming.State == HostLegState.Current) return Behind(report!, replacement) is { } behind ? Wait($"waiting for leg {behind} on {host.Name}: it is behind, and the old leg may be needed for it") : new StepOutcome.Done();
        return incoming.State == HostLegState.Syncing ? Syncing(context, host, leg, report!.SyncPercent ?? 0) : Wait($"waiting for {host.Name} to reach the new leg on {unit.Name}: {report!.Message}");
    }

    private static StepOutcome.Waiting Wait(string phase) => new(phase, LookAgain: LegReplacements.LookAgain);

    // Reports come in steps of several percent: a rate is taken from one step to the next, not from looks between them.
    private static StepOutcome.Waiting Syncing(StepContext context, Host host, Leg leg, int percent)
    {
        long doneBytes = leg.SizeBytes / 100 * percent;
        OperationProgress? before = context.Operation.Progress;
        return new StepOutcome.Waiting(
            $"{host.Name} brings the new leg up to date: {percent} %",
            Progress: before?.DoneBytes == doneBytes ? before : OperationProgress.After(before, doneBytes, leg.SizeBytes, context.Now),
            LookAgain: LegReplacements.LookAgain);
    }

    // A copy that the volume is to keep is brought up to date before one that is current goes.
    private static int? Behind(HostVolumeReport report, LegReplacement replacement)
    {
        if (HostReports.LegOf(report, replacement.OutgoingId)?.State != HostLegState.Current) return null;
        return report.Legs.FirstOrDefault(one => one is { IsPassing: false, State: not HostLegState.Current })?.Index;
    }
}
