using VSan.Block;
using VSan.Interop.Uring;
using VSan.Reactor;

namespace VSan.Volumes;

/// <summary>
/// The disk side of one ring: the file operations of all volumes there, and the requests that wait for one, first come first served.
/// Ring thread only, but for <see cref="Post"/>.
/// </summary>
public unsafe class VolumeRing
{
    // Operations under way at once, about 120 bytes each. More than any disk queue makes use of; past it requests wait here.
    internal const int OperationCount = 1024;

    // How late a limited request may begin: a volume may spend what it saved up meanwhile, so it costs latency, no throughput.
    private const long LimitPeriodNanoseconds = 2_000_000;

    private readonly Ring _ring;
    private readonly RingTimer _limitTimer;
    private readonly List<Volume> _limitedVolumes = new(64);
    private readonly FileOperation[] _free = new FileOperation[OperationCount];
    private int _freeCount;
    private BlockRequest? _firstWaiting;
    private BlockRequest? _lastWaiting;

    /// <summary>Serves one ring.</summary>
    public VolumeRing(Ring ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _ring = ring;
        _limitTimer = new RingTimer(ring, OnLimitTimer);
        for (int i = 0; i < OperationCount; i++) _free[i] = new FileOperation(this);
        _freeCount = OperationCount;
    }

    /// <summary>The ring's 0-based index.</summary>
    public int Index => _ring.Index;

    /// <summary>Operations that are not under way; all of them when nothing is.</summary>
    internal int FreeOperations => _freeCount;

    /// <summary>Runs work on the ring's thread. Any thread.</summary>
    public void Post(Action work) => _ring.Post(work);

    /// <summary>A volume has requests that wait for its limit: it is asked again and again until none does. Ring thread.</summary>
    internal void WatchLimit(Volume volume)
    {
        if (!_limitedVolumes.Contains(volume)) _limitedVolumes.Add(volume);
        _limitTimer.Arm(LimitPeriodNanoseconds);
    }

    private void OnLimitTimer()
    {
        for (int i = _limitedVolumes.Count - 1; i >= 0; i--)
            if (!_limitedVolumes[i].PassLimited(Index)) _limitedVolumes.RemoveAt(i);
        if (_limitedVolumes.Count > 0) _limitTimer.Arm(LimitPeriodNanoseconds);
    }

    internal void Start(BlockRequest request, StoredVolume volume)
    {
        if (_freeCount > 0 && _firstWaiting is null)
        {
            _free[--_freeCount].Start(request, volume);
            return;
        }

        request.Next = null;
        if (_lastWaiting is null) _firstWaiting = request;
        else _lastWaiting.Next = request;
        _lastWaiting = request;
        WaitingVolumes.Enqueue(volume);
    }

    // Beside the list of requests: whose each is. Grows to the high-water mark and stays.
    private Queue<StoredVolume> WaitingVolumes { get; } = new();

    /// <summary>Takes an operation back and starts the request that waits longest.</summary>
    internal void Return(FileOperation operation)
    {
        _free[_freeCount++] = operation;
        while (_freeCount > 0 && _firstWaiting is { } request)
        {
            _firstWaiting = request.Next;
            if (_firstWaiting is null) _lastWaiting = null;
            request.Next = null;
            _free[--_freeCount].Start(request, WaitingVolumes.Dequeue());
        }
    }

    /// <summary>True while operations wait for a slot of the ring.</summary>
    internal bool HasSlotWaiters => _ring.HasSlotWaiters;

    /// <summary>The next submission of an operation; null when the ring is full.</summary>
    /// <remarks>Virtual for tests, which fail the completion; nobody overrides it in the product, and the compiler of the product knows.</remarks>
    internal virtual UringSqe* TryPrepare(IRingOperation operation) => _ring.TryPrepare(operation);

    /// <summary>Puts an operation in line that found the ring full.</summary>
    internal void WaitForSlot(FileOperation operation) => _ring.WaitForSlot(operation);

    /// <summary>True when these bytes lie in the registered arena.</summary>
    internal bool IsRegistered(nint address, long lengthBytes)
        => _ring.IsArenaRegistered && address >= _ring.Arena.Address && address + lengthBytes <= _ring.Arena.Address + _ring.Arena.LengthBytes;
}
