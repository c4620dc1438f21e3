using System.Net;

namespace VSan.HostAgent.Execution;

/// <summary>
/// Node records of open-iscsi as files: lines <c>name = value</c>. They are read to see whether a record is as it should be, and secrets are written
/// here because iscsiadm takes them only on its command line, where every user of the machine could read them (docs/adr/0084).
/// </summary>
internal sealed class NodeRecords(params IReadOnlyList<string> folders)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where Debian and others keep them.</summary>
    public static NodeRecords OfMachine { get; } = new("/etc/iscsi/nodes", "/var/lib/iscsi/nodes");

    /// <summary>True when there is a record.</summary>
    public bool Has(string target, string portal) => Files(target, portal).Any();

    /// <summary>True when each record says so.</summary>
    public bool Agree(string target, string portal, IEnumerable<KeyValuePair<string, string>> settings)
    {
        Dictionary<string, string>[] records = [.. Files(target, portal).Select(Read)];
        return records.Length > 0 && settings.All(setting => records.All(record => record.GetValueOrDefault(setting.Key) == setting.Value));
    }

    /// <summary>Writes settings into each record of a portal.</summary>
    /// <exception cref="IOException">There is none where this distribution should have it.</exception>
    public void Write(string target, string portal, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        string[] files = [.. Files(target, portal)];
        if (files.Length == 0) throw new IOException($"No node record of {target} at {portal} in {string.Join(" or ", folders)}: iscsiadm keeps its records elsewhere.");
        foreach (string file in files) Write(file, settings);
    }

    private static Dictionary<string, string> Read(string file)
    {
        Dictionary<string, string> record = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(file))
        {
            if (line.Split(" = ", 2) is [{ } name, { } value]) record[name.Trim()] = value.Trim();
        }

        return record;
    }

    // In place, as iscsiadm does: it would take a file beside it for another record. A torn one does not agree, and is written again.
    private static void Write(string file, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        HashSet<string> names = [.. settings.Select(setting => setting.Key)];
        List<string> lines = [.. File.ReadLines(file).Where(line => !names.Contains(line.Split(" = ", 2)[0].Trim()))];
        int end = lines.FindLastIndex(line => line.StartsWith("# END RECORD", StringComparison.Ordinal));
        lines.InsertRange(end < 0 ? lines.Count : end, settings.Select(setting => $"{setting.Key} = {setting.Value}"));
        File.SetUnixFileMode(file, Private);
        File.WriteAllLines(file, lines);
    }

    // TARGET/ADDRESS,PORT is the record, or TARGET/ADDRESS,PORT,GROUP/INTERFACE are.
    private IEnumerable<string> Files(string target, string portal)
    {
        if (!IPEndPoint.TryParse(portal, out IPEndPoint? at)) return [];
        string name = $"{at.Address},{at.Port}";
        return folders.Select(folder => Path.Combine(folder, target)).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFileSystemEntries)
            .Where(entry => Path.GetFileName(entry) is var found && (found == name || found.StartsWith(name + ",", StringComparison.Ordinal)))
            .SelectMany(entry => Directory.Exists(entry) ? Directory.EnumerateFiles(entry) : [entry]);
    }
}
