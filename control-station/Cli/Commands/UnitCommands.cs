using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>unit</c>.</summary>
internal static class UnitCommands
{
    private static readonly Argument<string> Name = new("UNIT") { Description = "Name or id of a unit." };

    private static readonly Argument<string[]> NewLabels = LabelOptions.Argument();

    private static readonly Argument<int> Weight = new("WEIGHT") { Description = "0 to 1000; 100 is an even share for its capacity, 0 makes it a spare." };

    private static readonly Option<bool> Abandon = new("--abandon-volumes") { Description = "Also when it holds volumes; they lose what lies there." };

    private static readonly Option<string> Version = new("--version") { Description = "A version that the station keeps; 'vsan image list' shows them.", HelpName = "VERSION", Required = true };

    private static readonly Option<bool> Yes = GlobalOptions.Yes();
    private static readonly Option<bool> Wait = GlobalOptions.Wait();
    private static readonly Option<TimeSpan> Timeout = GlobalOptions.Timeout();

    private const int WeightFull = 100;

    /// <summary>Units.</summary>
    public static Noun<Unit, UnitPage> Units { get; } = new(
        "unit", "units", p => p.Items, p => p.NextCursor, items => new UnitPage(items, null), u => u.Id.ToString(), u => u.Name,
        [
            new("NAME", u => u.Name),
            new("STATE", u => u.State.ToWire() + (u.Cordoned && u.State == UnitState.Ready ? ", cordoned" : "") + (u.Weight == 0 ? ", spare" : "")),
            new("CODE", u => u.ShortCode),
            new("CAPACITY", u => ByteSize.Format(u.CapacityBytes), Numeric: true),
            new("PROMISED", u => ByteSize.Format(u.PromisedBytes), Numeric: true),
            new("FREE", u => Text.FreeOf(u.CapacityBytes, u.PromisedBytes, u.FreeBytes), Numeric: true),
            new("SESSIONS", u => $"{u.Sessions}", Numeric: true),
            new("PORTALS", u => Text.Of(u.Portals)),
            new("CONDITIONS", u => Text.Of(u.Conditions.Select(c => c.Code))),
            new("LABELS", u => Text.Of(u.Labels), WideOnly: true),
            new("WRITTEN", u => ByteSize.Format(u.CapacityBytes - u.FreeBytes), Numeric: true, WideOnly: true),
            new("GENERATION", u => $"{u.AppliedGeneration}/{u.Generation}", Numeric: true, WideOnly: true),
            new("JOINED IN", u => u.JoinMilliseconds is null ? "-" : $"{u.JoinMilliseconds} ms", Numeric: true, WideOnly: true),
            new("ADDRESSES", u => Text.Of(u.Addresses), WideOnly: true),
            new("STORES", u => Text.Of(u.Stores.Select(s => s.Media is null ? s.Name : $"{s.Name} ({s.Media})")), WideOnly: true),
            new("WEIGHT", u => $"{u.Weight}", Numeric: true, WideOnly: true),
            new("VERSION", u => Text.Version(u.ImageVersion), WideOnly: true),
            new("LAST SEEN", u => Text.Of(u.LastSeenAt), WideOnly: true),
            new("ID", u => u.Id.ToString(), WideOnly: true),
        ]);

    private static readonly Option<bool> Watch = GlobalOptions.Watch();

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("unit", "IP SAN units: the servers that keep the bytes.")
    {
        run.Command("list", "List the units.", ListAsync, Watch),
        run.Command("show", "Show one unit.", ShowAsync, Name),
        run.Command("approve", """
            Admit a unit that waits. Compare its code with the one on the unit's own screen first.

            Example:
              vsan unit approve unit-4
            """, ApproveAsync, Name),
        MaintenanceCommands.SafeToStop(run),
        MaintenanceCommands.Maintenance(run),
        run.Command("cordon", "Place nothing new on a unit. What lies there is served on.", i => ActAsync(i, "cordon", "is cordoned"), Name),
        run.Command("uncordon", "Let new volumes on a unit again, also on one that was being drained.", i => ActAsync(i, "uncordon", "takes new volumes"), Name),
        run.Command("drain", """
            Empty a unit: it is cordoned, and what lies on it moves to other units. Volumes that hosts have stay until they are unmapped; the task says which.

            Cancelling the task takes the unit into service again; what was moved stays where it went.

            Example:
              vsan unit drain unit-4 --wait
            """, DrainAsync, Name, Wait, Timeout),
        run.Command("spare", """
            Keep a unit as a spare: enrolled, watched, and given no new volumes until 'unit unspare'. What lies there is served on.

            Example:
              vsan unit spare unit-4
            """, i => WeighAsync(i, 0, "is a spare"), Name),
        run.Command("unspare", "Take a spare into service.", i => WeighAsync(i, WeightFull, "is in service"), Name),
        run.Command("weight", """
            Set a unit's share of new volumes against units of the same capacity.

            Example:
              vsan unit weight unit-4 50
            """, i => WeighAsync(i, i.Get(Weight), $"has weight {i.Get(Weight)}"), Name, Weight),
        run.Command("update", """
            Start a unit with another version. The version is put beside the one that runs, tried, and kept only when the unit is healthy with it; else
            the unit goes back by itself. Waits until no host would lose the last copy of what it uses.

            Example:
              vsan unit update unit-4 --version 0.2.0 --wait
            """, UpdateAsync, Name, Version, Wait, Timeout),
        run.Command("retire", """
            Take an empty unit out of service. Its connection is cut and its certificate opens nothing any more; 'unit approve' lets it in again.
            """, i => ActAsync(i, "retire", "is retired"), Name),
        run.Command("label", """
            Label a unit, for failure domains and scopes. What was there before is replaced; without labels it has none.

            Example:
              vsan unit label unit-4 rack=r2 site=north
            """, LabelAsync, Name, NewLabels),
        run.Command("discard", "Give up the legs that a forgotten unit brought back when it returned. It deletes their files.", DiscardAsync, Name, Yes),
        run.Command("forget", """
            Refuse a unit that waits, or remove one that holds no volume. It may be switched off meanwhile.

            With --abandon-volumes also one that holds volumes: they lose the legs that lie there, and a volume without any other is gone. If the
            unit ever returns it keeps these files unserved, until 'unit discard'.
            """, ForgetAsync, Name, Abandon, Yes),
    });

    private static Task ListAsync(Invocation invocation) =>
        invocation.WriteListAsync(Units, invocation.Get(Watch), () => invocation.Api.ListByNameAsync(Units, invocation.Cancellation));

    private static async Task ShowAsync(Invocation invocation) =>
        invocation.Output.WriteOne(Units, await FindAsync(invocation).ConfigureAwait(false));

    private static async Task ApproveAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        await invocation.Api.PostAsync($"units/{unit.Id}:approve", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} ({unit.ShortCode}) is admitted.");
    }

    private static async Task ActAsync(Invocation invocation, string verb, string done)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        await invocation.Api.PostAsync($"units/{unit.Id}:{verb}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} {done}.");
    }

    private static async Task DrainAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api.PostAsync<Operation>($"units/{unit.Id}:drain{start.Query}", start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} {(ended ? "is empty" : "is being drained")}.");
    }

    private static async Task UpdateAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        string version = invocation.Get(Version)!;
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api
            .PostAsync<UnitUpdateRequest, Operation>($"units/{unit.Id}:update{start.Query}", new UnitUpdateRequest(version), start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} {(ended ? $"runs version {version}" : "is being updated")}.");
    }

    private static async Task WeighAsync(Invocation invocation, int weight, string done)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        _ = await invocation.Api.PostAsync<WeightSet, Unit>($"units/{unit.Id}:weight", new WeightSet(weight), TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} {done}.");
    }

    private static async Task LabelAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        var labels = new LabelSet(LabelOptions.Of(invocation.Get(NewLabels)));
        unit = await invocation.Api.PostAsync<LabelSet, Unit>($"units/{unit.Id}:label", labels, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} has the labels: {Text.Of(unit.Labels)}.");
    }

    private static async Task DiscardAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        if (!invocation.Get(Yes)) invocation.Confirm("what was left on unit", unit.Name);
        await invocation.Api.PostAsync($"units/{unit.Id}:discard", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"What was left on unit {unit.Name} is discarded.");
    }

    private static async Task ForgetAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        bool abandon = invocation.Get(Abandon);
        if (abandon && !invocation.Get(Yes)) invocation.Confirm("unit", unit.Name);
        await invocation.Api.DeleteAsync($"units/{unit.Id}{(abandon ? "?abandon=true" : string.Empty)}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} is forgotten.");
    }

    private static Task<Unit> FindAsync(Invocation invocation) => invocation.FindAsync(Units, invocation.Get(Name));
}
