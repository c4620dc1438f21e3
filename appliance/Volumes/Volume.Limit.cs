using VSan.Block;

namespace VSan.Volumes;

/// <summary>
/// Requests beyond the volume's limit wait at its door, in the order of their arrival on each ring. Those of other volumes pass by them;
/// while there is no limit, the door costs one look at a null (docs/adr/0051).
/// </summary>
public abstract partial class Volume
{
    // What waits for its turn on each ring; touched by that ring's thread.
    private readonly Kept[] _limited;

    // The limit as each ring has been told; apart from the books, as it is read by all and seldom written.
    private readonly RateLimit?[] _limits;

    /// <summary>Requests that had to wait for the limit since the volume was opened. Any thread.</summary>
    public long LimitedRequests
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _books.Length; i++) sum += Volatile.Read(ref _books[i].Limited);
            return sum;
        }
    }

    /// <summary>Requests that wait for the limit now. Any thread.</summary>
    public int WaitingRequests
    {
        get
        {
            int sum = 0;
            for (int i = 0; i < _books.Length; i++) sum += Volatile.Read(ref _books[i].Waiting);
            return sum;
        }
    }

    /// <summary>Limits the volume from now on, or no longer; requests that wait are judged anew. Any thread.</summary>
    public void SetLimit(RateLimit? limit)
    {
        foreach (VolumeRing ring in _rings)
        {
            ring.Post(() =>
            {
                _limits[ring.Index] = limit;
                _ = PassLimited(ring.Index);
            });
        }
    }

    /// <inheritdoc/>
    public bool TryRecall(BlockRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ref Books books = ref _books[request.RingIndex];
        if (books.Waiting == 0 || !TryTakeKept(ref _limited[request.RingIndex], request)) return false;
        books.Waiting--;
        request.Complete(BlockStatus.Closed);
        return true;
    }

    /// <summary>Lets those pass whose turn has come. Ring thread.</summary>
    /// <returns>True while some wait on.</returns>
    internal bool PassLimited(int ringIndex)
    {
        while (_limited[ringIndex].First is { } first)
        {
            ref Books books = ref _books[ringIndex];
            if (!books.Closing && (books.Holding || (_limits[ringIndex] is { } limit && !limit.TryTake(BytesOf(first))))) return true;
            BlockRequest request = TakeKept(ref _limited[ringIndex])!;
            books.Waiting--;
            if (books.Closing) request.Complete(BlockStatus.Closed);
            else Admit(request);
        }

        return false;
    }

    // Behind those that wait already, or because its turn has not come.
    private bool HasToWait(RateLimit limit, BlockRequest request)
    {
        int ringIndex = request.RingIndex;
        if (_limited[ringIndex].First is null && limit.TryTake(BytesOf(request))) return false;
        ref Books books = ref _books[ringIndex];
        books.Limited++;
        books.Waiting++;
        Keep(ref _limited[ringIndex], request);
        _rings[ringIndex].WatchLimit(this);
        return true;
    }

    private long BytesOf(BlockRequest request) =>
        request.Operation is BlockOperation.Read or BlockOperation.Write ? (long)request.Count.Value * Geometry.BlockSizeBytes : 0;
}
