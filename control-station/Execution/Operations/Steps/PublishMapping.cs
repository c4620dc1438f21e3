using System.Globalization;
using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Notes that a mapping is served.</summary>
internal sealed class PublishMapping() : StepKind(Kind)
{
    public const string Kind = "publish-mapping";

    public override StepOutcome Do(StepContext context)
    {
        ITable<Mapping> mappings = context.Transaction.Table<Mapping>();
        if (mappings.Find(context.Step.ObjectId) is not { State: MappingState.Pending } mapping) return new StepOutcome.Done();
        mappings.Update(mapping with { State = MappingState.Active });
        context.Transaction.AppendEvent(context.Now, "mapping.created", $"mapping/{mapping.Id}", $"Logical unit {LunsOf(context.Transaction, mapping)} is served.");
        return new StepOutcome.Done();
    }

    private static string LunsOf(IStationTransaction transaction, Mapping mapping) =>
        string.Join(", ", transaction.LegsOf(mapping).Select(leg => leg.Mapped.Lun.ToString(CultureInfo.InvariantCulture)));
}
