namespace VSan.Station.Execution;

/// <summary>Waiting for news, and no longer than for a while.</summary>
internal static class Rest
{
    /// <summary>Ends at the first news, or when the time is up; whatever it was is looked for by whoever waited.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="rest">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    /// <param name="news">Each ends when there is something new.</param>
    public static async Task UntilAsync(TimeProvider time, TimeSpan rest, CancellationToken cancellationToken, params Task[] news)
    {
        TaskCompletionSource timeIsUp = Signal.Fresh();
        await using ITimer timer = time.CreateTimer(static source => ((TaskCompletionSource)source!).TrySetResult(), timeIsUp, rest, Timeout.InfiniteTimeSpan);
        await Task.WhenAny([timeIsUp.Task, .. news]).WaitAsync(cancellationToken);
    }
}
