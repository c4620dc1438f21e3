using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Tests.ControlPlane.Execution.Operations;

/// <summary>What goes wrong with steps: one attempt is lost, a step never succeeds, or each is done twice.</summary>
internal sealed class StepFaults
{
    private int _calls;

    /// <summary>The attempt (of all steps, from 1) that throws; 0 for none.</summary>
    public int ThrowAt { get; set; }

    /// <summary>The step (of all kinds) that fails for good; null for none.</summary>
    public string? FailKind { get; set; }

    /// <summary>Each step is done, and undone, twice.</summary>
    public bool Repeat { get; init; }

    /// <summary>Attempts so far.</summary>
    public int Calls => _calls;

    /// <summary>Puts the faults around a kind of step.</summary>
    public StepKind Around(StepKind inner) => new Faulty(inner, this);

    private sealed class Faulty(StepKind inner, StepFaults faults) : StepKind(inner.Name)
    {
        public override bool Undoable => inner.Undoable;

        public override bool Configures => inner.Configures;

        public override bool Acts => inner.Acts;

        public override IReadOnlyList<OperationLock> Locks(OperationStep step) => inner.Locks(step);

        public override string? PointOfNoReturn(OperationStep step) => inner.PointOfNoReturn(step);

        public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => inner.Watches(operation, step);

        public override string? Remains(OperationStep step) => inner.Remains(step);

        public override Task<string?> ActAsync(Operation operation, OperationStep step, CancellationToken cancellationToken) => inner.ActAsync(operation, step, cancellationToken);

        public override StepOutcome Do(StepContext context)
        {
            if (faults.FailKind == Name) return new StepOutcome.Failed(new OperationFailure("internal", "On purpose.", "Stop doing so."));
            return Run(context, inner.Do);
        }

        public override StepOutcome Undo(StepContext context) => Run(context, inner.Undo);

        private StepOutcome Run(StepContext context, Func<StepContext, StepOutcome> run)
        {
            if (++faults._calls == faults.ThrowAt) throw new InvalidDataException("On purpose.");
            StepOutcome first = run(context);
            if (!faults.Repeat) return first;
            string? memo = first switch { StepOutcome.Done done => done.Memo, StepOutcome.Waiting waiting => waiting.Memo, _ => null };
            return run(context with { Step = context.Step with { Memo = memo ?? context.Step.Memo } });
        }
    }
}
