using System.Globalization;

namespace VSan.Tests.Simulation.Kernel;

/// <summary>
/// One world's time and chance. Everything that happens is an action at a moment; actions of one moment run in the order in which they
/// were scheduled, on one thread. The same seed gives the same run, event for event, which <see cref="Hash"/> tells.
/// </summary>
internal sealed class Simulator(int seed)
{
    private const ulong HashStart = 14695981039346656037;
    private const ulong HashPrime = 1099511628211;

    private readonly PriorityQueue<Action, (long Ticks, long Sequence)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _sequence;

    /// <summary>Of everything that is left to chance.</summary>
    public int Seed => seed;

    /// <summary>Chance.</summary>
#pragma warning disable CA5394 // Repeatable on purpose.
    public Random Random { get; } = new(seed);
#pragma warning restore CA5394

    /// <summary>True time; a process may see another.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Actions so far.</summary>
    public long Events { get; private set; }

    /// <summary>FNV-1a over all that was noted.</summary>
    public ulong Hash { get; private set; } = HashStart;

    /// <summary>Where the notes are written, for a person; null: nowhere.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>Lets something happen after a while.</summary>
    public void After(TimeSpan wait, Action action)
    {
        if (Environment.CurrentManagedThreadId != _thread) Environment.FailFast("Decision code left its thread: a ConfigureAwait(false), Task.Run or CancelAsync.");
        _queue.Enqueue(action, ((Now + wait).UtcTicks, ++_sequence));
    }

    /// <summary>Writes down that something happened. Never an identity, a key or a secret: those differ from run to run.</summary>
    public void Note(string what)
    {
        foreach (char letter in what) Hash = (Hash ^ letter) * HashPrime;
        Hash = (Hash ^ (ulong)Now.UtcTicks) * HashPrime;
        Trace?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Now:HH:mm:ss.ffffff} {what}"));
    }

    /// <summary>True with this chance.</summary>
    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>A duration between two.</summary>
    public TimeSpan Between(double lowestSeconds, double highestSeconds) => TimeSpan.FromSeconds(lowestSeconds + (Random.NextDouble() * (highestSeconds - lowestSeconds)));

    /// <summary>Runs until a moment.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (_queue.TryPeek(out _, out (long Ticks, long Sequence) next) && next.Ticks <= end.UtcTicks)
        {
            Action action = _queue.Dequeue();
            Now = new DateTimeOffset(next.Ticks, TimeSpan.Zero);
            Events++;
            action();
        }

        Now = end;
    }
}
