using System.ComponentModel;
using System.Diagnostics;

namespace VSan.HostAgent.Execution;

/// <summary>The programs of this machine. Each gets its arguments as a list; no shell reads them.</summary>
internal interface ITools
{
    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="CommandFailure">It is not installed.</exception>
    Task<ToolAnswer> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken cancellation);
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ToolAnswer(int ExitCode, string Output, string Error)
{
    /// <summary>Whatever it said, for a person.</summary>
    public string Said => $"{Error}{Output}".Trim();
}

/// <summary>The real ones.</summary>
internal sealed class Tools : ITools
{
    // Where they are on every Linux, whatever the caller's own path is.
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <inheritdoc/>
    public async Task<ToolAnswer> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        string path = Folders.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists)
            ?? throw new CommandFailure(ExitCode.Error, $"The program {tool} is not installed.", "Install open-iscsi, mdadm, dmsetup, xfsprogs, e2fsprogs and util-linux.");
        ProcessStartInfo start = new(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation), error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return new ToolAnswer(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (Win32Exception failure)
        {
            throw new CommandFailure(ExitCode.Error, $"{path} cannot be run: {failure.Message}", "Run vsan-host as root.");
        }
    }
}
