namespace VSan.Station.Execution;

/// <summary>
/// Slows guessing without locking anybody out: each failure in a row of a user or a peer doubles the wait before the next attempt of
/// either, from a quarter of a second to eight; five minutes of quiet forget it.
/// </summary>
internal sealed class SignInBrake(TimeProvider time)
{
    /// <summary>Names remembered; the oldest are forgotten beyond, so that invented names cannot fill the memory.</summary>
    private const int EntriesMax = 4096;
    private const int DoublingsMax = 5;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset At)> _failures = new(StringComparer.Ordinal);

    /// <summary>Waits as long as this user and this peer have earned.</summary>
    public Task WaitAsync(string userName, string peer, CancellationToken cancellationToken)
    {
        int failures;
        lock (_lock) failures = Math.Max(Failures(UserKey(userName)), Failures(PeerKey(peer)));
        return failures == 0 ? Task.CompletedTask : Task.Delay(FirstWait * (1 << Math.Min(failures - 1, DoublingsMax)), time, cancellationToken);
    }

    /// <summary>Notes how an attempt ended.</summary>
    public void Note(string userName, string peer, bool succeeded)
    {
        lock (_lock)
        {
            foreach (string key in (ReadOnlySpan<string>)[UserKey(userName), PeerKey(peer)])
            {
                if (succeeded) _failures.Remove(key);
                else _failures[key] = (Failures(key) + 1, time.GetUtcNow());
            }

            if (_failures.Count > EntriesMax) _failures.Remove(_failures.MinBy(pair => pair.Value.At).Key);
        }
    }

    private int Failures(string key) => _failures.TryGetValue(key, out (int Failures, DateTimeOffset At) entry) && time.GetUtcNow() - entry.At < Forgotten ? entry.Failures : 0;

    private static string UserKey(string userName) => $"user/{userName}";

    private static string PeerKey(string peer) => $"peer/{peer}";
}
