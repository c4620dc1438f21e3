using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>operation</c>.</summary>
internal static class OperationCommands
{
    private static readonly Argument<Guid> Id = new("ID") { Description = "Id of an operation." };

    private static readonly Option<TimeSpan> Timeout = GlobalOptions.OfDuration("--timeout", "Give up after this long; the work goes on. Default 1d.", TimeSpan.FromDays(1));

    private static readonly Noun<Operation, OperationPage> Operations = new(
        "operation", "operations", p => p.Items, p => p.NextCursor, items => new OperationPage(items, null), o => o.Id.ToString(), o => o.Id.ToString(),
        [
            new("ID", o => o.Id.ToString()),
            new("STATE", o => o.State.ToWire()),
            new("DONE", o => $"{o.Percent} %", Numeric: true),
            new("TITLE", o => o.Title),
            new("PHASE", o => o.Phase),
            new("BY", o => o.RequestedBy),
            new("CREATED", o => Text.Of(o.CreatedAt)),
            new("ENDED", o => Text.Of(o.EndedAt), WideOnly: true),
            new("KIND", o => o.Kind, WideOnly: true),
            new("STEPS", o => Text.Of(o.Steps.Select(s => $"{s.Name}: {s.State.ToWire()}")), WideOnly: true),
            new("ERROR", o => o.Error is null ? "-" : $"{o.Error.Code}: {o.Error.Detail}", WideOnly: true),
            new("CANCELLABLE", o => o.Cancellable ? "yes" : "no", WideOnly: true),
            new("LOCKS", o => Text.Of(o.Locks.Select(l => $"{(l.Held ? "has" : "wants")} {l.Path}{(l.Exclusive ? " alone" : string.Empty)}")), WideOnly: true),
            new("REMAINS", o => o.Remains ?? "-", WideOnly: true),
        ]);

    private static readonly Option<bool> Watch = GlobalOptions.Watch();

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("operation", "Operations: work that takes its time.")
    {
        run.Command("list", "List operations, the newest first.", ListAsync, Watch),
        run.Command("show", "Show one operation with its steps.", ShowAsync, Id),
        run.Command("watch", "Follow an operation to its end; the exit code is its outcome.", WatchAsync, Id, Timeout),
        run.Command("cancel", "Ask an operation to stop and to undo what it did; refused with the reason when that is too late.", CancelAsync, Id),
        run.Command("retry", "Try the step again at which an operation needs a person, after doing what it asks for.", RetryAsync, Id),
    });

    private static Task ListAsync(Invocation invocation) =>
        invocation.WriteListAsync(Operations, invocation.Get(Watch), () => invocation.Api.ListAsync(Operations, invocation.Cancellation));

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(Operations, await GetAsync(invocation).ConfigureAwait(false));

    private static async Task WatchAsync(Invocation invocation)
    {
        Operation operation = await GetAsync(invocation).ConfigureAwait(false);
        operation = await new OperationFollower(invocation, invocation.Get(Timeout)).FollowAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteOne(Operations, operation);
    }

    private static Task CancelAsync(Invocation invocation) => AskAsync(invocation, "cancel");

    private static Task RetryAsync(Invocation invocation) => AskAsync(invocation, "retry");

    private static async Task AskAsync(Invocation invocation, string verb)
    {
        await invocation.Api.PostAsync($"operations/{invocation.Get(Id)}:{verb}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Operations, await GetAsync(invocation).ConfigureAwait(false));
    }

    private static Task<Operation> GetAsync(Invocation invocation) =>
        invocation.Api.GetAsync<Operation>($"operations/{invocation.Get(Id)}", TimeSpan.Zero, invocation.Cancellation);
}
