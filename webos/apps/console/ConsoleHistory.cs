namespace VSan.WebOs.Apps.Console;

/// <summary>The last commands of each session, in memory alone: gone with the session or the station.</summary>
internal sealed class ConsoleHistory
{
    private const int EntriesMax = 20;
    private const int SessionsMax = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<ConsoleEntry>> _sessions = [];

    /// <summary>What a session has done, the newest first.</summary>
    public IReadOnlyList<ConsoleEntry> Of(Guid sessionId)
    {
        lock (_lock) return [.. _sessions.GetValueOrDefault(sessionId, [])];
    }

    /// <summary>Keeps one more; the oldest entry leaves, and the session that has rested longest.</summary>
    public void Add(Guid sessionId, ConsoleEntry entry)
    {
        lock (_lock)
        {
            List<ConsoleEntry> entries = _sessions.GetValueOrDefault(sessionId, []);
            entries.Insert(0, entry);
            if (entries.Count > EntriesMax) entries.RemoveAt(EntriesMax);
            _sessions[sessionId] = entries;
            if (_sessions.Count > SessionsMax) _sessions.Remove(_sessions.MinBy(one => one.Value[0].At).Key);
        }
    }

    /// <summary>Forgets a session's commands.</summary>
    public void Clear(Guid sessionId)
    {
        lock (_lock) _sessions.Remove(sessionId);
    }
}

/// <summary>A command that was run.</summary>
/// <param name="Line">As it was typed.</param>
/// <param name="Result">How it ended.</param>
/// <param name="At">When.</param>
internal sealed record ConsoleEntry(string Line, CommandResult Result, DateTimeOffset At);
