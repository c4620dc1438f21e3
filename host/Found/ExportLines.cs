using System.Globalization;
using VSan.HostAgent.Planning;

namespace VSan.HostAgent.Found;

/// <summary>Output of <c>mdadm --export</c> and <c>blkid --output export</c>: lines <c>NAME=value</c>.</summary>
internal sealed class ExportLines
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private ExportLines(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Split('=', 2) is [{ } name, { } value]) _values.TryAdd(name.Trim(), value.Trim());
        }
    }

    /// <summary>UUID of an array.</summary>
    public Guid? ArrayId => _values.GetValueOrDefault("MD_UUID") is { } text ? VolumeNames.ParseUuid(text) : null;

    /// <summary>Count of events of a member.</summary>
    public long Events => long.TryParse(_values.GetValueOrDefault("MD_EVENTS"), NumberStyles.None, CultureInfo.InvariantCulture, out long events) ? events : 0;

    /// <summary>What blkid takes it for, or null.</summary>
    public string? Type => _values.GetValueOrDefault("TYPE");

    /// <summary>For what a filesystem is used, or null: <c>filesystem</c>, <c>raid</c>, <c>crypto</c>, <c>other</c>.</summary>
    public string? Usage => _values.GetValueOrDefault("USAGE");

    /// <summary>A table of partitions, or null.</summary>
    public string? PartitionTable => _values.GetValueOrDefault("PTTYPE");

    /// <summary>Reads it.</summary>
    public static ExportLines Parse(string text) => new(text);
}
