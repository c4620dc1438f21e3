using System.Globalization;
using System.Text;
using VSan.Scsi;

namespace VSan.BlockServer.Metrics;

/// <summary>
/// Prometheus' text format 0.0.4, written family by family.
/// <code>
///   # HELP name text
///   # TYPE name gauge|counter|histogram
///   name{label="value"} number
/// </code>
/// </summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();
    private string _name = "";

    /// <summary>One label; the value in the format's own escapes.</summary>
    internal static string Label(string name, string value)
        => $"{name}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    /// <summary>Begins a family; its samples follow.</summary>
    internal void Family(string name, string type, string help)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>One sample of the family.</summary>
    /// <param name="labels">Labels joined by commas, or nothing.</param>
    /// <param name="value">In base units.</param>
    internal void Sample(string labels, double value) => Line("", labels, value);

    /// <summary>The samples of one histogram.</summary>
    /// <param name="labels">At least one label.</param>
    /// <param name="latencies">What was counted.</param>
    /// <param name="boundsNanoseconds">Bounds of its buckets, rising.</param>
    internal void Histogram(string labels, LatencySum latencies, ReadOnlySpan<long> boundsNanoseconds)
    {
        foreach (long bound in boundsNanoseconds) Line("_bucket", $"{labels},{Label("le", Number(bound / 1e9))}", latencies.CountBelow(bound));
        Line("_bucket", $"{labels},{Label("le", "+Inf")}", latencies.Count);
        Line("_sum", labels, latencies.Nanoseconds / 1e9);
        Line("_count", labels, latencies.Count);
    }

    public override string ToString() => _text.ToString();

    private void Line(string suffix, string labels, double value)
    {
        _text.Append(_name).Append(suffix);
        if (labels.Length > 0) _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
