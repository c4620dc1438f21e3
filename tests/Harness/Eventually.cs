using System.Diagnostics;

namespace VSan.Tests.Harness;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <summary>Default deadline: generous, because a busy machine must not fail a test; a condition that holds costs nothing.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Asks until the probe answers something; fails with <paramref name="what"/> and the last complaint at the deadline.</summary>
    public static async Task<T> SomeAsync<T>(string what, Func<Task<T?>> probe, TimeSpan? within = null)
        where T : class
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan deadline = within ?? Patience;
        Exception? last = null;
        do
        {
            try
            {
                if (await probe() is { } found) return found;
                last = null;
            }
            catch (Exception error) when (error is IOException or HttpRequestException or System.Net.Sockets.SocketException)
            {
                last = error;
            }

            await Task.Delay(Step);
        }
        while (Stopwatch.GetElapsedTime(start) < deadline);
        throw new TimeoutException($"Not within {deadline.TotalSeconds:0.#} s: {what}.{(last is null ? string.Empty : $" Last: {last.Message}")}");
    }

    /// <summary>Asks until the condition holds.</summary>
    public static Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? within = null) =>
        SomeAsync(what, async () => await condition() ? what : null, within);

    /// <summary>Asks until the condition holds.</summary>
    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? within = null) => TrueAsync(what, () => Task.FromResult(condition()), within);
}
