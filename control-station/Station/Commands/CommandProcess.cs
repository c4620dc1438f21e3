using System.Diagnostics;
using System.Net;
using VSan.Station.Execution;
using VSan.Station.State;
using VSan.WebOs.Apps.Console;

namespace VSan.Station.Commands;

/// <summary>
/// The console's commands as processes of their own (ADR 0090): <c>vsan</c>, from beside the station's executable, asks the station's API with the
/// session of who typed. It gets no environment but what it is told, nothing to read from, and so many at a time.
/// </summary>
internal sealed class CommandProcess(string statePath, Func<IPEndPoint> api) : ICommandConsole, IDisposable
{
    private const int AtATime = 4;

    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _places = new(AtATime);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(IReadOnlyList<string> words, string bearer, CancellationToken cancellationToken)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "vsan");
        if (!File.Exists(file)) throw new ProblemException("console-unavailable", "The command line is not installed beside the station.", $"Install vsan as {file}.");
        await _places.WaitAsync(cancellationToken);
        try
        {
            using Process process = Process.Start(Start(file, words, bearer)) ?? throw new InvalidOperationException($"{file} did not start.");
            process.StandardInput.Close();
            return await EndOfAsync(process, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private static async Task<CommandResult> EndOfAsync(Process process, CancellationToken cancellationToken)
    {
        CommandOutput output = new();
        Task reading = Task.WhenAll(output.ReadAsync(process.StandardOutput), output.ReadAsync(process.StandardError));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_timeMax);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            await reading;
            return new CommandResult(output.Text, process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return new CommandResult($"{output.Text}The command was ended after {s_timeMax.TotalSeconds:0} s. What the station accepted goes on: 'operation list' shows it.", ExitCode: null);
        }
    }

    private ProcessStartInfo Start(string file, IReadOnlyList<string> words, string bearer)
    {
        ProcessStartInfo start = new(file, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["VSAN_CONSOLE"] = "1";
        start.Environment["VSAN_SERVER"] = $"https://{Here(api())}";
        start.Environment["VSAN_CA_FILE"] = Path.Combine(statePath, StateDirectory.AuthorityCertificate);
        start.Environment["VSAN_TOKEN"] = bearer;
        return start;
    }

    // Who listens on every address is reached by the machine's own.
    private static IPEndPoint Here(IPEndPoint listening) => listening.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, listening.Port)
        : listening.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, listening.Port) : listening;
}
