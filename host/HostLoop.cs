using VSan.HostAgent.Execution;
using VSan.HostAgent.State;
using VSan.HostAgent.Station;

namespace VSan.HostAgent;

/// <summary><c>vsan-host run</c>: looks at each volume every second, and talks with the station now and then. It takes no input.</summary>
/// <param name="state">What is wanted.</param>
/// <param name="executor">Makes it so.</param>
/// <param name="station">The station.</param>
/// <param name="output">Where changes are told.</param>
/// <param name="time">The clock.</param>
internal sealed class HostLoop(HostState state, Executor executor, StationTalk station, TextWriter output, TimeProvider time)
{
    // The loss of a copy is to be remembered before anything else can happen; a look costs a few files of /sys and one mdadm for each array.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A station that is away is not asked again at once: its silence would hold the looks up.
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private long? _refreshed;
    private long? _failed;

    /// <summary>Runs until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await output.WriteLineAsync("vsan-host: running").ConfigureAwait(false);
        using PeriodicTimer timer = new(Period, time);
        IReadOnlyList<PassOutcome> outcomes = [];
        Task talk = Task.CompletedTask;
        try
        {
            while (true)
            {
                using (await state.LockAsync(cancellation).ConfigureAwait(false)) outcomes = await PassAsync(cancellation).ConfigureAwait(false);
                if (talk.IsCompleted) talk = TalkAsync(outcomes, cancellation);
                await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            await talk.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<PassOutcome>> PassAsync(CancellationToken cancellation)
    {
        List<PassOutcome> outcomes = [];
        foreach (VolumeRecord record in state.All())
        {
            await TryAsync(record.Name, async () =>
            {
                if (await executor.PassAsync(record.VolumeId, TimeSpan.Zero, cancellation).ConfigureAwait(false) is not { } outcome) return;
                outcomes.Add(outcome);
                string[] told = [.. outcome.Plan.Obstacles.Where(obstacle => !obstacle.IsProgress).Select(obstacle => $"{obstacle.Text} {obstacle.NextAction}".Trim())];
                await TellAsync(record.Name, told.Length == 0 ? "in use" : string.Join(' ', told)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }

        return outcomes;
    }

    // Beside the looks, not between them: a station that is silent must not keep a lost copy from being remembered.
    private async Task TalkAsync(IReadOnlyList<PassOutcome> outcomes, CancellationToken cancellation)
    {
        if (_failed is { } failed && time.GetElapsedTime(failed) < RefreshPeriod) return;
        bool isDue = _refreshed is not { } refreshed || time.GetElapsedTime(refreshed) >= RefreshPeriod;
        bool isWell = await TryAsync("station", async () =>
        {
            await station.ReportAsync(outcomes, cancellation).ConfigureAwait(false);
            if (!isDue) return;
            await station.GrowAsync(outcomes, cancellation).ConfigureAwait(false);
            await station.RefreshAsync(cancellation).ConfigureAwait(false);
            _refreshed = time.GetTimestamp();
            await TellAsync("station", "in touch").ConfigureAwait(false);
        }).ConfigureAwait(false);
        _failed = isWell ? null : time.GetTimestamp();
    }

    // A failure is told once, and a later turn tries again: one volume does not keep the others waiting.
    private async Task<bool> TryAsync(string subject, Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is CommandFailure or IOException or UnauthorizedAccessException)
        {
            await TellAsync(subject, $"{failure.Message} {(failure as CommandFailure)?.NextAction}".Trim()).ConfigureAwait(false);
            return false;
        }
    }

    private async Task TellAsync(string subject, string text)
    {
        lock (_told)
        {
            if (_told.GetValueOrDefault(subject) == text) return;
            _told[subject] = text;
        }

        await output.WriteLineAsync($"{subject}: {text}").ConfigureAwait(false);
    }
}
