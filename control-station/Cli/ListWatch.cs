using VSan.Contracts.Api;

namespace VSan.Cli;

/// <summary>Shows a list, and with <c>--watch</c> again after each burst of events.</summary>
internal static class ListWatch
{
    // A change of the pool is a handful of events at once; one picture of them is enough.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(300);

    /// <summary>Writes the list once, or until Ctrl+C.</summary>
    public static async Task WriteListAsync<TItem, TPage>(
        this Invocation invocation, Noun<TItem, TPage> noun, bool watch, Func<Task<IReadOnlyList<TItem>>> list)
    {
        if (!watch)
        {
            invocation.Output.WriteList(noun, await list().ConfigureAwait(false));
            return;
        }

        // The stream is opened before the list is read: what happens in between is not missed.
        using Stream stream = await invocation.Api.OpenEventsAsync(lastEventId: null, invocation.Cancellation).ConfigureAwait(false);
        IAsyncEnumerator<PoolEvent> events = EventStream.ReadAsync(stream, invocation.Cancellation).GetAsyncEnumerator(invocation.Cancellation);
        await using (events.ConfigureAwait(false))
        {
            Task<bool> next = events.MoveNextAsync().AsTask();
            while (true)
            {
                invocation.Output.WriteList(noun, await list().ConfigureAwait(false));
                invocation.Output.WriteSentence(string.Empty);
                if (!await next.ConfigureAwait(false)) return;
                next = events.MoveNextAsync().AsTask();
                while (await Task.WhenAny(next, Task.Delay(Burst, invocation.Cancellation)).ConfigureAwait(false) == next && await next.ConfigureAwait(false))
                    next = events.MoveNextAsync().AsTask();
            }
        }
    }
}
