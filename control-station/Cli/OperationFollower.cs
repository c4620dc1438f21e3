using System.Diagnostics;
using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.Cli;

/// <summary>Waits for an operation and shows how far it is: a bar on a terminal, a line at each change otherwise.</summary>
internal sealed class OperationFollower(Invocation invocation, TimeSpan timeout)
{
    private const int BarCells = 24;

    // How long the station holds one question. A bar has to move, a script only has to end.
    private static readonly TimeSpan BarWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PlainWait = TimeSpan.FromSeconds(30);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TextWriter _error = invocation.Environment.Error;
    private readonly bool _bar = invocation.Environment.ShowsProgress;
    private string _shown = string.Empty;

    /// <summary>How long to let the station wait in the next request.</summary>
    public TimeSpan NextWait
    {
        get
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(_start);
            TimeSpan step = _bar ? BarWait : PlainWait;
            return left < step ? TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(left.TotalSeconds))) : step;
        }
    }

    /// <summary>A wait as a query parameter.</summary>
    public static string Query(TimeSpan wait) => string.Create(CultureInfo.InvariantCulture, $"?wait={wait.TotalSeconds:0}s");

    /// <summary>Returns when the operation succeeded.</summary>
    /// <exception cref="CommandFailure">It failed, was cancelled, or the time is up.</exception>
    public async Task<Operation> FollowAsync(Operation operation)
    {
        Show(operation);
        while (operation.EndedAt is null && operation.State != OperationState.NeedsOperator)
        {
            if (Stopwatch.GetElapsedTime(_start) >= timeout)
            {
                EndBar();
                throw new CommandFailure(
                    ExitCode.TimedOut,
                    $"{operation.Title}: not done after {timeout.TotalSeconds:0} s. The work goes on as operation {operation.Id}.",
                    $"Follow it with 'vsan operation watch {operation.Id}'.");
            }

            TimeSpan wait = NextWait;
            operation = await invocation.Api
                .GetAsync<Operation>($"operations/{operation.Id}{Query(wait)}", wait, invocation.Cancellation).ConfigureAwait(false);
            Show(operation);
        }

        EndBar();
        return operation.State == OperationState.Succeeded ? operation : throw Failure(operation);
    }

    private static CommandFailure Failure(Operation operation) => operation.State == OperationState.Cancelled
        ? new CommandFailure(ExitCode.Error, $"{operation.Title}: cancelled. {operation.Remains}")
        : new CommandFailure(
            ExitCode.Error,
            $"{operation.Title}: {(operation.State == OperationState.NeedsOperator ? "needs a person" : "failed")}. {operation.Error?.Detail ?? operation.Phase}",
            operation.Error?.NextAction ?? $"'vsan operation show {operation.Id}' shows its steps.");

    private void Show(Operation operation)
    {
        string phase = operation.Progress is { } progress ? $"{operation.Phase} {Text.Of(progress)}" : operation.Phase;
        if (_bar)
        {
            int full = Math.Clamp(operation.Percent, 0, 100) * BarCells / 100;
            string line = $"{operation.Title} [{new string('#', full)}{new string('.', BarCells - full)}] {operation.Percent,3} % {phase}";
            _error.Write("\r" + line.PadRight(_shown.Length));
            _shown = line;
            return;
        }

        string plain = $"{operation.Title}: {operation.Percent} % {phase}";
        if (plain != _shown && operation.EndedAt is null) _error.WriteLine(plain);
        _shown = plain;
    }

    private void EndBar()
    {
        if (_bar) _error.WriteLine();
    }
}
