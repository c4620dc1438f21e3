using VSan.Block;

namespace VSan.Volumes;

/// <summary>
/// A moment in which nothing is under way: requests wait at the door of every ring until those before them have ended, so that a copy taken
/// meanwhile holds what was acknowledged and nothing that was submitted later (docs/adr/0022).
/// </summary>
public abstract partial class Volume
{
    // What waits at the door of each ring; touched by that ring's thread.
    private readonly Kept[] _held;

    // The hold that is on, or the last one; set before any ring is told.
    private Hold? _hold;

    /// <summary>Has new requests wait, and tells when those under way have ended. One hold at a time. Any thread but a ring's.</summary>
    /// <param name="patience">How long those under way may take.</param>
    /// <returns><c>false</c>: they took longer; requests wait no more.</returns>
    internal async Task<bool> TryHoldAsync(TimeSpan patience)
    {
        var hold = new Hold(_rings.Length);
        Volatile.Write(ref _hold, hold);
        foreach (VolumeRing ring in _rings) ring.Post(() => HoldOn(ring.Index, hold));
        try
        {
            await hold.Quiet.WaitAsync(patience).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            await ReleaseAsync().ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Lets requests pass again, those that waited first. Any thread but a ring's.</summary>
    internal Task ReleaseAsync() => Task.WhenAll(_rings.Select(ring =>
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ring.Post(() =>
        {
            ReleaseOn(ring.Index);
            done.SetResult();
        });
        return done.Task;
    }));

    private void HoldOn(int ringIndex, Hold hold)
    {
        ref Books books = ref _books[ringIndex];
        books.Holding = true;
        if (books.UnderWay == 0) hold.RingIsQuiet();
    }

    private void ReleaseOn(int ringIndex)
    {
        _books[ringIndex].Holding = false;
        while (TakeKept(ref _held[ringIndex]) is { } request) Submit(request);
    }

    private static void Keep(ref Kept kept, BlockRequest request)
    {
        request.Next = null;
        if (kept.Last is null) kept.First = request;
        else kept.Last.Next = request;
        kept.Last = request;
    }

    private static BlockRequest? TakeKept(ref Kept kept)
    {
        if (kept.First is not { } request) return null;
        kept.First = request.Next;
        if (request.Next is null) kept.Last = null;
        request.Next = null;
        return request;
    }

    // Looks at each, as only an abort asks.
    private static bool TryTakeKept(ref Kept kept, BlockRequest request)
    {
        BlockRequest? before = null;
        for (BlockRequest? one = kept.First; one is not null; (before, one) = (one, one.Next))
        {
            if (!ReferenceEquals(one, request)) continue;
            if (before is null) kept.First = one.Next;
            else before.Next = one.Next;
            if (one.Next is null) kept.Last = before;
            one.Next = null;
            return true;
        }

        return false;
    }

    // Requests in order of arrival, linked by their Next. Bounded by the commands of the server.
    private struct Kept
    {
        internal BlockRequest? First;
        internal BlockRequest? Last;
    }

    // One hold over all rings: each is quiet once.
    private sealed class Hold(int ringCount)
    {
        private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _ringsBusy = ringCount;

        internal Task Quiet => _quiet.Task;

        internal void RingIsQuiet()
        {
            if (Interlocked.Decrement(ref _ringsBusy) == 0) _quiet.SetResult();
        }
    }
}
