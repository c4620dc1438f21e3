using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Execution;

/// <summary>Makes a volume be as it is wanted: look, plan, do the first layer's steps, look again.</summary>
/// <param name="observer">Looks.</param>
/// <param name="tools">Does.</param>
/// <param name="state">Remembers.</param>
/// <param name="log">Where each step is told.</param>
internal sealed class Executor(Observer observer, ITools tools, HostState state, TextWriter log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // A step that did not help, or failed, is not tried again at once: a login to a unit that is away takes seconds.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(8);

    // Five layers, each with what comes to light in between.
    private const int RoundsMax = 40;

    private readonly Dictionary<string, long> _restsUntil = new(StringComparer.Ordinal);

    /// <summary>Does all that can be done now.</summary>
    /// <param name="volumeId">The volume.</param>
    /// <param name="patience">How long to wait for what comes by itself, as disks after a login.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    /// <returns>What there is, and what is left; null when the volume was let go.</returns>
    public async Task<PassOutcome?> PassAsync(Guid volumeId, TimeSpan patience, CancellationToken cancellation)
    {
        long until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        for (int round = 0; ; round++)
        {
            IReadOnlyList<VolumeRecord> all = state.All();
            if (all.FirstOrDefault(record => record.VolumeId == volumeId) is not { } volume) return null;
            FoundVolume found = await observer.LookAsync(volume, all, cancellation).ConfigureAwait(false);
            HostPlan plan = Planner.Plan(volume, found, all);
            IReadOnlyList<Step> now = plan.Now(IsResting);
            if (now.Count == 0 || round == RoundsMax)
            {
                bool mayCome = plan.Obstacles.Any(obstacle => obstacle is { NextAction: null, Layer: < Layer.Assembly }) && round < RoundsMax;
                if (!mayCome || Environment.TickCount64 > until) return new PassOutcome(volume, found, plan);
                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
            }

            foreach (Step step in now)
            {
                if (step is not (Step.Remember or Step.Forget)) _restsUntil[step.ToString()] = Environment.TickCount64 + (long)Rest.TotalMilliseconds;
                await DoAsync(volume, step, cancellation).ConfigureAwait(false);
            }
        }
    }

    private bool IsResting(Step step) => _restsUntil.TryGetValue(step.ToString(), out long until) && Environment.TickCount64 < until;

    private async Task DoAsync(VolumeRecord volume, Step step, CancellationToken cancellation)
    {
        await log.WriteLineAsync($"{volume.Name}: {step}").ConfigureAwait(false);
        switch (step)
        {
            case Step.Command command:
                await RunAsync(command, cancellation).ConfigureAwait(false);
                break;
            case Step.Write write:
                Write(write);
                break;
            case Step.Delete delete:
                File.Delete(delete.Path);
                break;
            case Step.MakeFolder folder:
                Directory.CreateDirectory(folder.Path);
                break;
            case Step.Secrets secrets:
                NodeRecords.OfMachine.Write(secrets.Target, secrets.Portal, secrets.Settings);
                break;
            case Step.Remember remember:
                state.Keep(remember.Record);
                break;
            case Step.Forget forget:
                state.Forget(forget.VolumeId);
                break;
        }
    }

    private async Task RunAsync(Step.Command command, CancellationToken cancellation)
    {
        ToolAnswer answer = await tools.RunAsync(command.Tool, command.Arguments, cancellation).ConfigureAwait(false);
        if (answer.ExitCode == 0) return;
        if (command.Otherwise is { } other)
        {
            await log.WriteLineAsync($"  exit {answer.ExitCode}: {answer.Said}").ConfigureAwait(false);
            await RunAsync(other, cancellation).ConfigureAwait(false);
        }
        else if (command.MayFail) await log.WriteLineAsync($"  exit {answer.ExitCode}: {answer.Said}").ConfigureAwait(false);
        else throw new CommandFailure(ExitCode.Error, $"'{command}' ended with {answer.ExitCode}: {answer.Said}", "Nothing after it was done. 'vsan-host status' shows how far it is; 'vsan-host apply' goes on.");
    }

    private static void Write(Step.Write write)
    {
        if (Path.GetDirectoryName(write.Path) is { } folder && !folder.StartsWith("/sys/", StringComparison.Ordinal)) Directory.CreateDirectory(folder);
        using FileStream file = new(write.Path, new FileStreamOptions { Mode = write.Path.StartsWith("/sys/", StringComparison.Ordinal) ? FileMode.Open : FileMode.Create, Access = FileAccess.Write });
        file.Write(System.Text.Encoding.ASCII.GetBytes(write.Text));
        if (!write.Path.StartsWith("/sys/", StringComparison.Ordinal)) file.Flush(flushToDisk: true);
    }
}

/// <summary>How a pass over a volume ended.</summary>
/// <param name="Record">What is wanted, and remembered.</param>
/// <param name="Found">What there is.</param>
/// <param name="Plan">What is left to do.</param>
internal sealed record PassOutcome(VolumeRecord Record, FoundVolume Found, HostPlan Plan);
