namespace VSan.Iscsi;

/// <summary>A task management function that waits until the last command it ended is done with the medium. Rare, so it may be allocated.</summary>
/// <param name="onDone">Runs once, on the thread of the ring that made it.</param>
internal sealed class PendingFunction(Action onDone)
{
    private int _waitsFor = 1;

    /// <summary>One more task, or one more ring, to wait for.</summary>
    public void Add() => _waitsFor++;

    /// <summary>One of them is done; the maker calls it once for itself after it has added all.</summary>
    public void Done()
    {
        if (--_waitsFor == 0) onDone();
    }
}
