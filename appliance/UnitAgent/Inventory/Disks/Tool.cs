using System.ComponentModel;
using System.Diagnostics;

namespace VSan.UnitAgent.Inventory.Disks;

/// <summary>Runs a tool of the system, without a shell.</summary>
internal static class Tool
{
    /// <summary>Exit code of a tool that is not installed, as shells have it.</summary>
    public const int Missing = 127;

    /// <summary>Runs a tool to its end.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, (await error).Trim());
        }
        catch (Win32Exception absence)
        {
            return (Missing, string.Empty, $"{file}: {absence.Message}");
        }
    }
}
