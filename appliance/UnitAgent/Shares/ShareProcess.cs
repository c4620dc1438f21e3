using System.Diagnostics;
using System.Globalization;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Shares;

/// <summary>
/// The server process of one share. It outlives an agent that dies, and the next agent goes on with it: it is known by its id, kept in the
/// share's folder, and by its whole command line, so that no other process is ever taken for it.
/// </summary>
/// <param name="folder">The share.</param>
/// <param name="command">The server and its arguments.</param>
internal sealed class ShareProcess(ShareFolder folder, IReadOnlyList<string> command)
{
    private static readonly TimeSpan DeathPatience = TimeSpan.FromSeconds(5);

    // A server that an anonymous peer makes complain must not fill the store.
    private const long LogBytesMax = 1 << 20;

    /// <summary>True while it runs with exactly these arguments.</summary>
    public bool IsRunning => Id is { } id && CommandLine(id) == string.Join('\0', command) + '\0';

    private int? Id => File.Exists(folder.Process) && int.TryParse(File.ReadAllText(folder.Process), CultureInfo.InvariantCulture, out int id) ? id : null;

    /// <summary>Starts it, as the agent's user with no capability and none to be gained, and with nothing of the agent's environment.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public void Start()
    {
        File.Delete(folder.Log);
        string[] privileges = Environment.IsPrivilegedProcess ? ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"] : ["--no-new-privs", "--inh-caps=-all"];
        ProcessStartInfo start = new("setpriv", [.. privileges, "--", .. command])
        {
            // Its own ends of these pipes: none of the agent's, which somebody may be reading to its end.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Data,
        };
        string? path = start.Environment["PATH"];
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = folder.Root;
        try
        {
            using Process process = Process.Start(start)!;
            DurableFile.Write(folder.Process, System.Text.Encoding.ASCII.GetBytes(process.Id.ToString(CultureInfo.InvariantCulture)));
        }
        catch (System.ComponentModel.Win32Exception absence)
        {
            throw new IOException($"setpriv does not start: {absence.Message}. Install util-linux.", absence);
        }
    }

    /// <summary>Ends it, whatever arguments it was started with.</summary>
    public void Stop()
    {
        if (Id is { } id && CommandLine(id) is { } line && line.StartsWith(command[0] + '\0', StringComparison.Ordinal) && line.Contains(folder.Data, StringComparison.Ordinal)) End(id);
        File.Delete(folder.Process);
    }

    /// <summary>The last lines that it said.</summary>
    public string LastWords() => File.Exists(folder.Log) ? string.Join(' ', File.ReadLines(folder.Log).TakeLast(3)) : "it said nothing.";

    /// <summary>Empties what it said when that has grown large; it goes on appending.</summary>
    public void TrimLog()
    {
        FileInfo log = new(folder.Log);
        if (!log.Exists || log.Length <= LogBytesMax) return;
        using FileStream file = log.Open(FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    private static void End(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit(DeathPatience);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended by itself between the look and the kill.
            return;
        }
    }

    // Empty for a process that has ended and that its parent has not noticed yet.
    private static string? CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
