using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>plan</c>.</summary>
internal static class PlanCommands
{
    private static readonly Option<string?> OnUnit = new("--unit") { Description = "Only this unit.", HelpName = "UNIT" };
    private static readonly Option<bool> Document = new("--document") { Description = "With --unit: the wanted document too, in lines." };

    private static readonly Noun<PlannedUnit, PlanPage> Units = new(
        "unit", "plan", p => p.Items, p => p.NextCursor, items => new PlanPage(items, null), u => u.UnitId.ToString(), u => u.UnitName, []);

    /// <summary>Adds the verb.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(run.Command("plan", """
        Show what each unit is to serve against what it has reached.

        Each unit has one document, made from the volumes, hosts and mappings that the station knows. A line that begins with + comes to the
        unit, with - goes from it, with ~ becomes another. Secrets are never shown. Nothing has to be applied: reconcilers do it by themselves.

        Examples:
          vsan plan --dry-run
          vsan plan --dry-run --unit unit-1 --document
        """, ShowAsync, OnUnit, Document));

    private static async Task ShowAsync(Invocation invocation)
    {
        if (!invocation.Get(GlobalOptions.DryRun))
            throw new CommandFailure(ExitCode.Usage, "There is nothing to start: the station hands each unit its document as soon as it changes.", "'vsan plan --dry-run' shows what is still to come.");
        IReadOnlyList<PlannedUnit> units = await ReadAsync(invocation).ConfigureAwait(false);
        if (invocation.Output.IsJson || invocation.Output.IsName) invocation.Output.WriteList(Units, units);
        else foreach (PlannedUnit unit in units) Write(invocation.Output.Writer, unit);
    }

    private static async Task<IReadOnlyList<PlannedUnit>> ReadAsync(Invocation invocation)
    {
        if (invocation.Get(OnUnit) is not { } name)
        {
            if (invocation.Get(Document)) throw new CommandFailure(ExitCode.Usage, "--document is for one unit.", "Add --unit UNIT.");
            return await invocation.Api.ListByNameAsync(Units, invocation.Cancellation).ConfigureAwait(false);
        }

        Unit unit = await invocation.FindAsync(UnitCommands.Units, name).ConfigureAwait(false);
        string path = $"plan?name={Uri.EscapeDataString(unit.Name)}&document={(invocation.Get(Document) ? "true" : "false")}";
        return (await invocation.Api.GetAsync<PlanPage>(path, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false)).Items;
    }

    private static void Write(TextWriter output, PlannedUnit unit)
    {
        output.WriteLine(OutputTable.Visible($"{unit.UnitName}: {StateOf(unit.State)}, generation {unit.WantedGeneration} wanted, {unit.AcceptedGeneration} accepted, {unit.AppliedGeneration} served"));
        output.WriteLine(OutputTable.Visible($"  {unit.Sentence}"));
        if (unit.Spare is { } spare) output.WriteLine(OutputTable.Visible($"  {spare}"));
        if (unit.Changes is null) output.WriteLine("  What it has is not known: it has not been heard of since the station started.");
        foreach (PlanChange change in unit.Changes ?? []) output.WriteLine(OutputTable.Visible($"  {Line(change)}"));
        foreach (string line in (unit.Document ?? string.Empty).Split('\n', StringSplitOptions.RemoveEmptyEntries)) output.WriteLine(OutputTable.Visible($"  | {line}"));
    }

    private static string Line(PlanChange change) => change.Change switch
    {
        PlanChangeKind.Added => $"+ {change.Kind} {change.Name}: {change.Wanted}",
        PlanChangeKind.Removed => $"- {change.Kind} {change.Name}: {change.Reached}",
        PlanChangeKind.Changed => $"~ {change.Kind} {change.Name}: {change.Reached} becomes {change.Wanted}",
    };

    private static string StateOf(PlanState state) => state switch
    {
        PlanState.InStep => "in step",
        PlanState.Applying => "applying",
        PlanState.Behind => "behind",
        PlanState.Ahead => "ahead of the station",
    };
}
