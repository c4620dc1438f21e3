using System.Globalization;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Brings one operation as far as it can go now, inside one transaction. Looks at what is stored and what the units' reconcilers found, so
/// that it may be called at any time and as often as one likes: what is done already is not done again.
/// </summary>
internal sealed class OperationAdvance(IStationTransaction transaction, DateTimeOffset now, Func<Guid, UnitProgress> progressOf)
{
    /// <summary>Advances and stores an operation.</summary>
    public Operation Run(Operation operation)
    {
        if (operation.Ended) return operation;
        Operation next = operation.State == OperationState.Cancelling ? Undo(operation) : Do(operation);
        return SameAs(operation, next) ? operation : Keep(next);
    }

    /// <summary>The station itself cannot go on with an operation: a creation is undone if asked, anything else ends as it stands.</summary>
    public Operation Fail(Operation operation, bool undo)
    {
        if (operation.Ended) return operation;
        OperationFailure failure = new("internal", "The station could not go on with this; its log says why.", "Ask again; if it fails again, read the station's log.");
        return Keep(undo && operation.Cancellable ? Withdraw(operation, failure) : End(operation with { Failure = failure }, OperationState.Failed, "failed"));
    }

    /// <summary>Begins to undo: what the operation asked for is wanted no longer, and the units get configurations without it.</summary>
    public Operation Withdraw(Operation operation, OperationFailure? failure)
    {
        if (operation.Kind == OperationKind.VolumeCreate && transaction.Table<Volume>().Find(operation.SubjectId) is { State: not VolumeState.Deleting } volume)
            transaction.Table<Volume>().Update(volume with { State = VolumeState.Deleting });
        Guid? mappingId = operation.Kind == OperationKind.MappingCreate ? operation.SubjectId : operation.MappingId;
        if (mappingId is { } id && transaction.Table<Mapping>().Find(id) is { State: not MappingState.Removing } mapping)
            transaction.Table<Mapping>().Update(mapping with { State = MappingState.Removing });
        return operation with
        {
            State = OperationState.Cancelling,
            Phase = "undoing",
            Failure = failure,
            Steps = [.. operation.Steps.Select(transaction.Demand)],
        };
    }

    private Operation Keep(Operation operation)
    {
        Operation kept = transaction.Table<Operation>().Update(operation);
        transaction.AppendEvent(now, "operation.changed", $"operation/{kept.Id}", $"{kept.Title}: {kept.Phase}.");
        return kept;
    }

    // Units are configured side by side: what comes after waits for all of them.
    private Operation Do(Operation operation)
    {
        operation = operation with { State = OperationState.Running };
        string? waits = null;
        for (int index = 0; index < operation.Steps.Count; index++)
        {
            OperationStep step = operation.Steps[index];
            if (step.State == StepState.Done) continue;
            if (step.UnitId is { } unitId && !Serves(step))
            {
                operation = Wait(operation, index, unitId, ref waits);
                if (operation.State == OperationState.Cancelling) return operation;
                continue;
            }

            if (step.UnitId is null && waits is not null) break;
            Perform(step.Action, operation);
            operation = operation.WithStep(index, step with { State = StepState.Done, Attempts = Math.Max(1, step.Attempts) });
        }

        return waits is null ? End(operation, OperationState.Succeeded, "done") : operation with { Phase = waits };
    }

    private Operation Wait(Operation operation, int stepIndex, Guid unitId, ref string? waits)
    {
        OperationStep step = operation.Steps[stepIndex];
        UnitProgress progress = progressOf(unitId);
        bool tried = progress.PushedGeneration >= step.UnitGeneration;
        int attempts = Math.Max(Math.Max(1, step.Attempts), tried ? progress.Failures : 0);
        if (tried && progress.Failures >= UnitReconciler.FailuresMax && operation.Cancellable)
        {
            operation = operation.WithStep(stepIndex, step with { State = StepState.Failed, Attempts = attempts });
            return Withdraw(operation, new OperationFailure("unit-refused", $"{UnitName(unitId)}: {progress.Failure}", "Mend what the unit reports, then ask again."));
        }

        waits ??= WaitPhase(unitId, progress, tried);
        return operation.WithStep(stepIndex, step with { State = StepState.Running, Attempts = attempts });
    }

    private string WaitPhase(Guid unitId, UnitProgress progress, bool tried)
    {
        string name = UnitName(unitId);
        if (progress.IsAhead) return $"waiting for a person: {name} knows more than the station";
        if (!progress.Connected) return $"waiting for {name} to come back";
        return tried && progress.Failure is { } failure ? $"{name} could not apply its configuration and is asked again: {failure}" : $"configuring {name}";
    }

    private Operation Undo(Operation operation)
    {
        if (operation.Steps.FirstOrDefault(step => step.UnitId is not null && !Serves(step)) is { UnitId: { } behind })
            return operation with { Phase = progressOf(behind).Connected ? $"undoing on {UnitName(behind)}" : $"waiting for {UnitName(behind)} to come back, to undo" };
        if (operation.Kind == OperationKind.MappingCreate) transaction.ReleaseMapping(operation.SubjectId, now);
        if (operation.MappingId is { } mappingId) transaction.ReleaseMapping(mappingId, now);
        if (operation.Kind == OperationKind.VolumeCreate) transaction.ReleaseVolume(operation.SubjectId);
        operation = operation with
        {
            Steps = [.. operation.Steps.Select(step => step.State is StepState.Done or StepState.Running ? step with { State = StepState.Undone } : step)],
        };
        return operation.Failure is null ? End(operation, OperationState.Cancelled, "cancelled") : End(operation, OperationState.Failed, "failed");
    }

    private void Perform(StepAction action, Operation operation)
    {
        switch (action)
        {
            case StepAction.Reserve:
            case StepAction.Configure:
                break;
            case StepAction.PublishVolume:
                Publish(operation.SubjectId);
                break;
            case StepAction.PublishMapping:
                Activate(operation.MappingId ?? operation.SubjectId);
                break;
            case StepAction.ReleaseVolume:
                transaction.ReleaseVolume(operation.SubjectId);
                break;
            case StepAction.ReleaseMapping:
                transaction.ReleaseMapping(operation.SubjectId, now);
                break;
        }
    }

    private void Publish(Guid volumeId)
    {
        if (transaction.Table<Volume>().Find(volumeId) is not { State: VolumeState.Creating } volume) return;
        transaction.Table<Volume>().Update(volume with { State = VolumeState.Ready });
        transaction.AppendEvent(now, "volume.created", $"volume/{volumeId}", $"Volume {volume.Name} is served.");
    }

    private void Activate(Guid mappingId)
    {
        if (transaction.Table<Mapping>().Find(mappingId) is not { State: MappingState.Pending } mapping) return;
        transaction.Table<Mapping>().Update(mapping with { State = MappingState.Active });
        transaction.AppendEvent(now, "mapping.created", $"mapping/{mappingId}", $"Logical unit {LunsOf(mapping)} is served.");
    }

    private string LunsOf(Mapping mapping) =>
        string.Join(", ", transaction.LegsOf(mapping).Select(leg => leg.Mapped.Lun.ToString(CultureInfo.InvariantCulture)));

    // A report may be heard of before the reconciler has compared it, so the comparison is made here too: a newer generation than the
    // station wants is not the station's, and says nothing about the operation.
    private bool Serves(OperationStep step)
    {
        if (step.UnitId is not { } unitId || transaction.Table<Unit>().Find(unitId) is not { } unit) return true;
        UnitProgress progress = progressOf(unitId);
        return progress.Serves(step.UnitGeneration) && progress.AppliedGeneration <= unit.WantedGeneration;
    }

    private string UnitName(Guid unitId) => transaction.Table<Unit>().Find(unitId)?.Name ?? "a forgotten unit";

    private Operation End(Operation operation, OperationState state, string phase) => operation with { State = state, Phase = phase, EndedAt = now };

    private static bool SameAs(Operation left, Operation right) => left with { Steps = right.Steps } == right && left.Steps.SequenceEqual(right.Steps);
}
