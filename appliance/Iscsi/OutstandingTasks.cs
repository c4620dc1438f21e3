namespace VSan.Iscsi;

/// <summary>Counts the tasks that may still touch a volume or a buffer, and tells when there are none. Ring thread.</summary>
internal sealed class OutstandingTasks
{
    private Action? _onNone;

    /// <summary>Tasks whose slot is not free yet.</summary>
    public int Count { get; private set; }

    public void Begin() => Count++;

    public void End()
    {
        Count--;
        Tell();
    }

    /// <summary>Runs <paramref name="onNone"/> once, now or when the last one has ended.</summary>
    public void WhenNone(Action onNone)
    {
        _onNone += onNone;
        Tell();
    }

    private void Tell()
    {
        if (_onNone is null || !(Count == 0 || Sabotage.AnswersAbortAtOnce)) return;
        Action tell = _onNone;
        _onNone = null;
        tell();
    }
}
