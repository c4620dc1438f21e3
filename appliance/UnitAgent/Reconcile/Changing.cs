namespace VSan.UnitAgent.Reconcile;

/// <summary>A value that one writer replaces and any number of readers can wait on.</summary>
internal sealed class Changing<T>(T first)
    where T : class
{
    private sealed record Version(T Value, TaskCompletionSource Replaced);

    private volatile Version _present = new(first, Fresh());

    /// <summary>The value now.</summary>
    public T Value => _present.Value;

    /// <summary>The value now, and a task that ends when it is replaced: nothing that happens between the two is missed.</summary>
    public (T Value, Task Replaced) Watch()
    {
        Version version = _present;
        return (version.Value, version.Replaced.Task);
    }

    /// <summary>Replaces the value.</summary>
    public void Set(T next)
    {
        Version previous = _present;
        _present = new Version(next, Fresh());
        previous.Replaced.SetResult();
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
