using VSan.Block;

namespace VSan.Volumes;

/// <summary>
/// What every volume has: a shape, the check of it, and an orderly end. One instance serves all rings; each ring's thread alone touches that
/// ring's entry of the books.
/// </summary>
/// <remarks>
/// <code>
///  Open ──CloseAsync──► Closing (new requests end in Closed) ──nothing under way on any ring──► Closed
///   ▲└──TryHoldAsync──► Held (new requests wait, those under way end) ──ReleaseAsync──┐
///   └─────────────────────────────────────────────────────────────────────────────────┘
/// </code>
/// </remarks>
public abstract partial class Volume : IVolume
{
    private readonly VolumeRing[] _rings;
    private readonly Books[] _books;
    private readonly Released[] _released;
    private readonly WriteOrder _order;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ringsOpen;
    private int _closeAsked;
    private VolumeGeometry _geometry;

    /// <summary>Starts open.</summary>
    protected Volume(VolumeGeometry geometry, IReadOnlyList<VolumeRing> rings)
    {
        _geometry = geometry;
        _rings = [.. rings];
        _books = new Books[_rings.Length];
        _released = new Released[_rings.Length];
        _held = new Kept[_rings.Length];
        _limited = new Kept[_rings.Length];
        _limits = new RateLimit?[_rings.Length];
        _order = new WriteOrder(shared: _rings.Length > 1);
        _ringsOpen = _rings.Length;
    }

    /// <inheritdoc/>
    public VolumeGeometry Geometry => Volatile.Read(ref _geometry);

    /// <summary>How it does, in a word for people: <c>serving</c>, <c>suspect</c>, <c>closed</c>.</summary>
    public virtual string State => Volatile.Read(ref _closeAsked) != 0 ? "closed" : "serving";

    /// <summary>
    /// What the volume takes of its store, and what is left there; null where nobody can say. Asks the filesystem, so it may wait for it: any thread
    /// but a ring's.
    /// </summary>
    public virtual VolumeSpace? MeasureSpace() => null;

    /// <inheritdoc/>
    public void Submit(BlockRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ref Books books = ref _books[request.RingIndex];
        if (books.Closing)
        {
            request.Complete(BlockStatus.Closed);
            return;
        }

        if (books.Holding)
        {
            Keep(ref _held[request.RingIndex], request);
            return;
        }

        if (_limits[request.RingIndex] is { } limit && HasToWait(limit, request)) return;
        Admit(request);
    }

    /// <summary>
    /// Ends every request that is under way, then the volume. Requests that come later end in <see cref="BlockStatus.Closed"/>. Any thread but a ring's.
    /// </summary>
    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closeAsked, 1) == 0)
        {
            foreach (VolumeRing ring in _rings) ring.Post(() => CloseOn(ring.Index));
            await _closed.Task.ConfigureAwait(false);
            Release();
        }

        await _closed.Task.ConfigureAwait(false);
    }

    /// <summary>Makes the volume larger. Any thread but a ring's; one at a time.</summary>
    /// <param name="blocks">The new capacity, at least the old one.</param>
    /// <returns>Null, or why not.</returns>
    public string? Grow(BlockCount blocks)
    {
        VolumeGeometry wanted = Geometry with { Blocks = blocks };
        if (blocks.Value < Geometry.Blocks.Value) return "a volume cannot shrink";
        if (blocks == Geometry.Blocks) return null;
        string? error = Extend(wanted);
        if (error is null) Volatile.Write(ref _geometry, wanted);
        return error;
    }

    /// <summary>Starts a request that lies inside the volume; <see cref="Finish"/> ends it. Ring thread.</summary>
    protected abstract void Start(BlockRequest request, VolumeRing ring);

    /// <summary>Makes room for a larger shape.</summary>
    /// <returns>Null, or why not.</returns>
    protected abstract string? Extend(VolumeGeometry wanted);

    /// <summary>Gives back what the volume holds: nothing is under way any more.</summary>
    protected abstract void Release();

    /// <summary>Ends a request. Ring thread.</summary>
    protected internal void Finish(BlockRequest request, BlockStatus status, int errno)
    {
        ref Books books = ref _books[request.RingIndex];
        books.UnderWay--;
        bool last = books.Closing && books.UnderWay == 0;
        bool quiet = books.Holding && books.UnderWay == 0;
        BlockRequest? released = WriteOrder.Concerns(request.Operation) ? _order.Leave(request) : null;
        request.Complete(status, errno);
        if (released is not null) Release(released, request.RingIndex);
        if (last) RingIsDone();
        if (quiet) _hold!.RingIsQuiet();
    }

    // A request that neither a hold nor the limit keeps at the door.
    private void Admit(BlockRequest request)
    {
        if (request.Operation is not BlockOperation.Flush)
        {
            if (!Geometry.Contains(request.Lba, request.Count))
            {
                request.Complete(BlockStatus.OutOfRange);
                return;
            }

            if (request.Count.Value == 0)
            {
                request.Complete(BlockStatus.Success);
                return;
            }
        }

        _books[request.RingIndex].UnderWay++;
        if (WriteOrder.Concerns(request.Operation) && !_order.TryEnter(request)) return;
        Start(request, _rings[request.RingIndex]);
    }

    // Hands each request that had to wait for an overlapping change to its own ring.
    private void Release(BlockRequest first, int ringIndex)
    {
        for (BlockRequest? request = first; request is not null;)
        {
            BlockRequest? next = request.Next;
            request.Next = null;
            if (request.RingIndex == ringIndex) StartReleased(request);
            else PostReleased(request);
            request = next;
        }
    }

    // Apart, so that only this rare way pays for what it captures.
    private void PostReleased(BlockRequest request) => _rings[request.RingIndex].Post(() => StartReleased(request));

    // A start may end inside and release the next: a loop keeps the stack flat.
    private void StartReleased(BlockRequest request)
    {
        ref Released released = ref _released[request.RingIndex];
        Keep(ref released.Requests, request);
        if (released.Starting) return;
        released.Starting = true;
        while (TakeKept(ref released.Requests) is { } next) Start(next, _rings[next.RingIndex]);

        released.Starting = false;
    }

    private void CloseOn(int ringIndex)
    {
        ref Books books = ref _books[ringIndex];
        books.Closing = true;
        _ = PassLimited(ringIndex);
        if (books.UnderWay == 0) RingIsDone();
    }

    private void RingIsDone()
    {
        if (Interlocked.Decrement(ref _ringsOpen) == 0) _closed.SetResult();
    }

    // A cache line pair for each ring, so that no two cores write one line.
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 128)]
    private struct Books
    {
        internal long Limited;
        internal int Waiting;
        internal int UnderWay;
        internal bool Closing;
        internal bool Holding;
    }

    // What waited for an overlapping change on a ring and begins now.
    private struct Released
    {
        internal Kept Requests;
        internal bool Starting;
    }
}
