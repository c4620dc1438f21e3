namespace VSan.Scsi;

/// <summary>Several <see cref="CommandMeasures"/> put together, at one moment. One thread's.</summary>
public sealed class CommandTotals
{
    private readonly LatencySum[] _latencies = [.. Enumerable.Range(0, CommandMeasures.KindCount).Select(_ => new LatencySum())];
    private readonly Dictionary<string, long> _badEnds = new(StringComparer.Ordinal);

    /// <summary>Bytes handed to initiators.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Bytes taken from initiators.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Commands that ended otherwise than well, by sense key or status; all kinds, also those with none.</summary>
    public IReadOnlyList<NamedCount> BadEnds => [.. _badEnds.Keys.Select(end => new NamedCount(end, _badEnds[end]))];

    /// <summary>Latencies of one kind.</summary>
    public LatencySum Latencies(CommandKind kind) => _latencies[(int)kind];

    /// <summary>Adds what one writer counted so far.</summary>
    public CommandTotals Add(CommandMeasures measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        for (int kind = 0; kind < CommandMeasures.KindCount; kind++) measures.Latencies((CommandKind)kind).AddTo(_latencies[kind]);
        BytesRead += measures.BytesRead;
        BytesWritten += measures.BytesWritten;
        foreach ((string end, long count) in measures.BadEnds) _badEnds[end] = _badEnds.GetValueOrDefault(end) + count;
        return this;
    }

    /// <summary>Adds other totals.</summary>
    public CommandTotals Add(CommandTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int kind = 0; kind < CommandMeasures.KindCount; kind++) _latencies[kind].Add(other._latencies[kind]);
        BytesRead += other.BytesRead;
        BytesWritten += other.BytesWritten;
        foreach ((string end, long count) in other._badEnds) _badEnds[end] = _badEnds.GetValueOrDefault(end) + count;
        return this;
    }
}
