using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>alarm</c>.</summary>
internal static class AlarmCommands
{
    private static readonly Noun<Alarm, AlarmPage> Alarms = new(
        "alarm", "alarms", p => p.Items, p => p.NextCursor, items => new AlarmPage(items, null), a => a.Id.ToString(), a => a.Kind,
        [
            new("SEVERITY", a => a.Severity.ToWire()),
            new("KIND", a => a.Kind),
            new("SINCE", a => Text.Of(a.RaisedAt)),
            new("MESSAGE", a => a.Message),
            new("SUBJECT", a => a.Subject, WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("alarm", "Alarms: what is wrong now.")
    {
        run.Command("list", "List what is wrong now, the worst first. What was is in 'vsan event list'.", ListAsync),
    });

    private static async Task ListAsync(Invocation invocation)
    {
        IReadOnlyList<Alarm> alarms = await invocation.Api.ListAsync(Alarms, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteList(Alarms, [.. alarms.OrderByDescending(a => a.Severity).ThenBy(a => a.RaisedAt)]);
    }
}
