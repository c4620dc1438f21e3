using VSan.HostAgent.Execution;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;

namespace VSan.HostAgent;

/// <summary><c>vsan-host run</c>: looks at each volume every second, and asks the station now and then. It takes no input.</summary>
/// <param name="state">What is wanted.</param>
/// <param name="executor">Makes it so.</param>
/// <param name="output">Where changes are told.</param>
/// <param name="refresh">Asks the station.</param>
internal sealed class HostLoop(HostState state, Executor executor, TextWriter output, Func<CancellationToken, Task> refresh)
{
    // The loss of a copy is to be remembered before anything else can happen; a look costs a few files of /sys and one mdadm for each array.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private const int RefreshEvery = 15;

    private readonly Dictionary<Guid, string> _told = [];

    /// <summary>Runs until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await output.WriteLineAsync("vsan-host: running").ConfigureAwait(false);
        using PeriodicTimer timer = new(Period);
        for (int turn = 0; ; turn++)
        {
            using (await state.LockAsync(cancellation).ConfigureAwait(false))
            {
                foreach (VolumeRecord record in state.All()) await PassAsync(record, cancellation).ConfigureAwait(false);
                if (turn % RefreshEvery == 0) await TryAsync(Guid.Empty, () => refresh(cancellation)).ConfigureAwait(false);
            }

            await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
        }
    }

    private Task PassAsync(VolumeRecord record, CancellationToken cancellation) => TryAsync(record.VolumeId, async () =>
    {
        HostPlan? left = await executor.PassAsync(record.VolumeId, TimeSpan.Zero, cancellation).ConfigureAwait(false);
        string text = left is null or { Obstacles: [] } ? "in use" : string.Join(' ', left.Obstacles.Where(obstacle => !obstacle.Text.EndsWith(" %.", StringComparison.Ordinal)).Select(obstacle => $"{obstacle.Text} {obstacle.NextAction}".Trim()));
        await TellAsync(record.VolumeId, $"{record.Name}: {text}").ConfigureAwait(false);
    });

    // A failure is told once, and the next turn tries again: one volume does not keep the others waiting.
    private async Task TryAsync(Guid subject, Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is CommandFailure or IOException or UnauthorizedAccessException)
        {
            await TellAsync(subject, $"{failure.Message} {(failure as CommandFailure)?.NextAction}").ConfigureAwait(false);
        }
    }

    private async Task TellAsync(Guid subject, string text)
    {
        if (_told.GetValueOrDefault(subject) == text) return;
        _told[subject] = text;
        await output.WriteLineAsync(text).ConfigureAwait(false);
    }
}
