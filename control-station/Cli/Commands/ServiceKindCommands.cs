using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>service-kind</c>.</summary>
internal static class ServiceKindCommands
{
    private static readonly Noun<ServiceKind, ServiceKindPage> Kinds = new(
        "service kind", "service-kinds", p => p.Items, _ => null, items => new ServiceKindPage(items), k => k.Name, k => k.Name,
        [
            new("NAME", k => k.Name),
            new("WHAT", k => k.Title),
            new("OFFERED BY", k => Text.Of(k.Units.Where(u => u.Offered).Select(u => $"{u.UnitName} ({u.Allocated})"))),
            new("NOT OFFERED", k => Text.Of(k.Units.Where(u => !u.Offered).Select(u => u.Reason ?? u.UnitName))),
            new("ENGINES", k => Text.Of(k.Units.Select(u => u.Engine).OfType<string>().Distinct()), WideOnly: true),
            new("OPERATIONS", k => string.Join(", ", k.Allocate, k.Bind, k.Release, k.Free), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("service-kind", "Kinds of service of the pool, and which units offer them.")
    {
        run.Command("list", "List the kinds; behind a unit's name stands how much of the kind lies on it.", ListAsync),
    });

    private static async Task ListAsync(Invocation invocation) => invocation.Output.WriteList(
        Kinds, (await invocation.Api.GetAsync<ServiceKindPage>("service-kinds", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false)).Items);
}
