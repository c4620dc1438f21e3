using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace VSan.Tests.Harness;

/// <summary>One process of the product. Its output goes to a file of the test's directory; it is killed by its id when the test is over.</summary>
internal sealed class ProcessUnderTest : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigContinue = 18;
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly StreamWriter _log;

    private ProcessUnderTest(Process process, string logPath)
    {
        _process = process;
        _log = new StreamWriter(logPath, append: true) { AutoFlush = true };
        process.OutputDataReceived += (_, received) => Record(received.Data);
        process.ErrorDataReceived += (_, received) => Record(received.Data);
    }

    public int Id => _process.Id;

    public bool Running => !_process.HasExited;

    /// <summary>VmRSS, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>User and system time of all its threads since it began.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    public static ProcessUnderTest Start(
        string executable, IEnumerable<string> arguments, string logPath, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Process process = new() { StartInfo = start };
        ProcessUnderTest running = new(process, logPath);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Waits for a line of its output that contains <paramref name="text"/>; fails at once when it ends instead.</summary>
    public Task<string> LineAsync(string text, TimeSpan? within = null) =>
        Eventually.SomeAsync(
            $"{_process.StartInfo.FileName} says '{text}'",
            () =>
            {
                bool running = Running;
                lock (_lines)
                {
                    string? found = _lines.Find(line => line.Contains(text, StringComparison.Ordinal));
                    if (found is null && !running) throw new InvalidOperationException($"It ended ({_process.ExitCode}) before it said '{text}':\n{string.Join('\n', _lines)}");
                    return Task.FromResult(found);
                }
            },
            within);

    /// <summary>Dies at once, as by a power cut of this process alone (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Falls silent with all its connections open, as a machine does whose cable is cut.</summary>
    public void Freeze() => _ = Kill(Id, SigStop);

    /// <summary>Goes on where it was.</summary>
    public void Thaw() => _ = Kill(Id, SigContinue);

    /// <summary>Asks it to end (SIGTERM) and returns its exit code.</summary>
    public async Task<int> StopAsync(TimeSpan? within = null)
    {
        _ = Kill(Id, SigTerm);
        return await ExitAsync(within);
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await _process.WaitForExitAsync().WaitAsync(within ?? Eventually.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (Running) await KillAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private void Record(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Add(line);
            _log.WriteLine(line);
        }
    }
}
