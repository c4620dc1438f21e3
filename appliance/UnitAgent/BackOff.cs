namespace VSan.UnitAgent;

/// <summary>
/// Pauses between tries: doubling from 0.2 s to 5 s, each spread over its upper half at random, so that a thousand units do not knock on a
/// station that comes back in the same instant.
/// </summary>
internal sealed class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    /// <summary>How long to wait before the next try.</summary>
    public TimeSpan Next()
    {
        TimeSpan pause = _next * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return pause;
    }

    /// <summary>It worked: the next failure starts from the shortest pause.</summary>
    public void Reset() => _next = First;
}
