using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>event</c>.</summary>
internal static class EventCommands
{
    // A station that restarts is back within a second or two.
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(2);

    private static readonly Option<long?> After = new("--after") { Description = "Start after the event with this number.", HelpName = "ID" };

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("event", "Events: what happens in the pool.")
    {
        run.Command("watch", "Show events as they happen, until Ctrl+C. With -o json, one object a line.", WatchAsync, After),
    });

    /// <summary>Reads on for ever; a lost stream is resumed after the last event that was shown.</summary>
    private static async Task WatchAsync(Invocation invocation)
    {
        long? last = invocation.Get(After);
        while (true)
        {
            using Stream stream = await invocation.Api.OpenEventsAsync(last, invocation.Cancellation).ConfigureAwait(false);
            try
            {
                await foreach (PoolEvent happened in EventStream.ReadAsync(stream, invocation.Cancellation).ConfigureAwait(false))
                {
                    last = happened.Id;
                    Write(invocation.Output, happened);
                }
            }
            catch (IOException lost)
            {
                invocation.Environment.Error.WriteLine($"vsan: the stream broke ({lost.Message}); going on after event {last}.");
            }

            await Task.Delay(ReconnectDelay, invocation.Cancellation).ConfigureAwait(false);
        }
    }

    private static void Write(Output output, PoolEvent happened)
    {
        if (output.IsJson) output.WriteJsonLine(happened);
        else output.Writer.WriteLine($"{happened.Id,8}  {Text.Of(happened.At)}  {happened.Kind,-20}  {happened.Message}");
    }
}
