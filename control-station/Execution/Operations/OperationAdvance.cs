using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Brings one operation as far as it can go now, inside one transaction. Looks at what is stored and what the unit's reconciler found, so
/// that it may be called at any time and as often as one likes: what is done already is not done again.
/// </summary>
internal sealed class OperationAdvance(IStationTransaction transaction, DateTimeOffset now, UnitProgress progress)
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

    /// <summary>Begins to undo: what the operation asked for is wanted no longer, and the unit gets a configuration without it.</summary>
    public Operation Withdraw(Operation operation, OperationFailure? failure)
    {
        if (operation.Kind == OperationKind.VolumeCreate && transaction.Table<Volume>().Find(operation.SubjectId) is { State: not VolumeState.Deleting } volume)
            transaction.Table<Volume>().Update(volume with { State = VolumeState.Deleting });
        if (operation.Kind == OperationKind.SnapshotCreate) SnapshotPlan.Withdraw(transaction, operation.SubjectId);
        Guid? mappingId = operation.Kind == OperationKind.MappingCreate ? operation.SubjectId : operation.MappingId;
        if (mappingId is { } id && transaction.Table<Mapping>().Find(id) is { State: not MappingState.Removing } mapping)
            transaction.Table<Mapping>().Update(mapping with { State = MappingState.Removing });
        return operation with
        {
            State = OperationState.Cancelling,
            Phase = "undoing",
            Failure = failure,
            UnitGeneration = transaction.RaiseGeneration(operation.UnitId),
        };
    }

    private Operation Keep(Operation operation)
    {
        Operation kept = transaction.Table<Operation>().Update(operation);
        transaction.AppendEvent(now, "operation.changed", $"operation/{kept.Id}", $"{kept.Title}: {kept.Phase}.");
        return kept;
    }

    private Operation Do(Operation operation)
    {
        operation = operation with { State = OperationState.Running };
        for (int index = 0; index < operation.Steps.Count; index++)
        {
            OperationStep step = operation.Steps[index];
            if (step.State == StepState.Done) continue;
            if (step.Action == StepAction.Configure && !(Serves(operation) && Answered(operation))) return Wait(operation, index);
            if (Trouble(step.Action, operation) is { } trouble) return Refuse(operation, index, trouble);
            Perform(step.Action, operation);
            operation = operation.WithStep(index, step with { State = StepState.Done, Attempts = Math.Max(1, step.Attempts) });
        }

        return End(operation, OperationState.Succeeded, "done");
    }

    private Operation Wait(Operation operation, int stepIndex)
    {
        OperationStep step = operation.Steps[stepIndex];
        bool tried = progress.PushedGeneration >= operation.UnitGeneration;
        int attempts = Math.Max(Math.Max(1, step.Attempts), tried ? progress.Failures : 0);
        if (tried && progress.Failures >= UnitReconciler.FailuresMax && operation.Cancellable)
            return Refuse(operation.WithStep(stepIndex, step with { Attempts = attempts }), stepIndex, progress.Failure);

        return operation.WithStep(stepIndex, step with { State = StepState.Running, Attempts = attempts }) with { Phase = WaitPhase(operation, tried) };
    }

    private Operation Refuse(Operation operation, int stepIndex, string? trouble)
    {
        operation = operation.WithStep(stepIndex, operation.Steps[stepIndex] with { State = StepState.Failed });
        return Withdraw(operation, new OperationFailure("unit-refused", $"{UnitName(operation)}: {trouble}", "Mend what the unit reports, then ask again."));
    }

    private string WaitPhase(Operation operation, bool tried)
    {
        string name = UnitName(operation);
        if (progress.IsAhead) return $"waiting for a person: {name} knows more than the station";
        if (!progress.Connected) return $"waiting for {name} to come back";
        return tried && progress.Failure is { } failure ? $"{name} could not apply its configuration and is asked again: {failure}" : $"configuring {name}";
    }

    private Operation Undo(Operation operation)
    {
        if (!Serves(operation))
            return operation with { Phase = progress.Connected ? $"undoing on {UnitName(operation)}" : $"waiting for {UnitName(operation)} to come back, to undo" };
        if (operation.Kind == OperationKind.MappingCreate) transaction.ReleaseMapping(operation.SubjectId, now);
        if (operation.MappingId is { } mappingId) transaction.ReleaseMapping(mappingId, now);
        if (operation.Kind == OperationKind.VolumeCreate) transaction.ReleaseVolume(operation.SubjectId);
        if (operation.Kind == OperationKind.SnapshotCreate) ReleaseGroup(operation.SubjectId);
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
            case StepAction.PublishSnapshots:
                SnapshotPlan.Publish(transaction, now, operation.SubjectId, progress.Answer.Snapshots);
                break;
            case StepAction.ReleaseSnapshot:
                SnapshotPlan.Release(transaction, now, operation.SubjectId);
                break;
        }
    }

    private void ReleaseGroup(Guid groupId)
    {
        foreach (Snapshot snapshot in SnapshotPlan.Group(transaction, groupId)) SnapshotPlan.Release(transaction, now, snapshot.Id);
    }

    // A unit serves a generation although a part of it could not be made, so that one broken leg does not hold up the others.
    private string? Trouble(StepAction action, Operation operation)
    {
        if (action == StepAction.PublishSnapshots) return SnapshotPlan.Trouble(transaction, operation.SubjectId, progress.Answer);
        if (action != StepAction.PublishVolume) return null;
        return transaction.Table<Leg>().Where(Lookups.LegVolume, operation.SubjectId.ToString())
            .Select(leg => progress.Answer.Troubles.GetValueOrDefault(leg.Id))
            .FirstOrDefault(trouble => trouble is not null);
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
        transaction.AppendEvent(now, "mapping.created", $"mapping/{mappingId}", $"Logical unit {mapping.Lun} is served.");
    }

    // A report may be heard of before the reconciler has compared it, so the comparison is made here too: a newer generation than the
    // station wants is not the station's, and says nothing about the operation.
    private bool Serves(Operation operation) =>
        progress.Serves(operation.UnitGeneration) && progress.AppliedGeneration <= transaction.Require<Unit>(operation.UnitId, "unit").WantedGeneration;

    private bool Answered(Operation operation) =>
        operation.Kind is not (OperationKind.VolumeCreate or OperationKind.SnapshotCreate) || progress.Answer.Generation >= operation.UnitGeneration;

    private string UnitName(Operation operation) => transaction.Table<Unit>().Find(operation.UnitId)?.Name ?? "a forgotten unit";

    private Operation End(Operation operation, OperationState state, string phase) => operation with { State = state, Phase = phase, EndedAt = now };

    private static bool SameAs(Operation left, Operation right) => left with { Steps = right.Steps } == right && left.Steps.SequenceEqual(right.Steps);
}
