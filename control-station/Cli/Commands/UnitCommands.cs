using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>unit</c>.</summary>
internal static class UnitCommands
{
    private static readonly Argument<string> Name = new("UNIT") { Description = "Name or id of a unit." };

    /// <summary>Units.</summary>
    public static Noun<Unit, UnitPage> Units { get; } = new(
        "unit", "units", p => p.Items, p => p.NextCursor, items => new UnitPage(items, null), u => u.Id.ToString(), u => u.Name,
        [
            new("NAME", u => u.Name),
            new("STATE", u => u.State.ToWire()),
            new("CODE", u => u.ShortCode),
            new("CAPACITY", u => ByteSize.Format(u.CapacityBytes), Numeric: true),
            new("PROMISED", u => ByteSize.Format(u.PromisedBytes), Numeric: true),
            new("FREE", u => Text.FreeOf(u.CapacityBytes, u.PromisedBytes, u.FreeBytes), Numeric: true),
            new("SESSIONS", u => $"{u.Sessions}", Numeric: true),
            new("PORTALS", u => Text.Of(u.Portals)),
            new("CONDITIONS", u => Text.Of(u.Conditions.Select(c => c.Code))),
            new("WRITTEN", u => ByteSize.Format(u.CapacityBytes - u.FreeBytes), Numeric: true, WideOnly: true),
            new("GENERATION", u => $"{u.AppliedGeneration}/{u.Generation}", Numeric: true, WideOnly: true),
            new("JOINED IN", u => u.JoinMilliseconds is null ? "-" : $"{u.JoinMilliseconds} ms", Numeric: true, WideOnly: true),
            new("ADDRESSES", u => Text.Of(u.Addresses), WideOnly: true),
            new("STORES", u => Text.Of(u.Stores.Select(s => s.Name)), WideOnly: true),
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
        run.Command("forget", "Refuse a unit that waits, or remove one that holds no volume.", ForgetAsync, Name),
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

    private static async Task ForgetAsync(Invocation invocation)
    {
        Unit unit = await FindAsync(invocation).ConfigureAwait(false);
        await invocation.Api.DeleteAsync($"units/{unit.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Unit {unit.Name} is forgotten.");
    }

    private static Task<Unit> FindAsync(Invocation invocation) => invocation.Api.FindAsync(Units, invocation.Get(Name), invocation.Cancellation);
}
