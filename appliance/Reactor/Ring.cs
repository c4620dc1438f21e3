using System.Runtime.CompilerServices;
using VSan.Interop;
using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>
/// One thread with one io_uring, or what stands for it: it waits for completions, lets their owners act, and hands everything that they queued to the kernel in one
/// call. Owns its slots, receive buffers, send chunks, data arena and connections; nothing of it may be touched from another thread but
/// <see cref="Post"/>, <see cref="Stop"/> and the counters.
/// </summary>
/// <remarks>A turn: take the completions → run the mailbox → who waits for a slot → application's end of turn → dirty connections → one io_uring_enter.</remarks>
public sealed unsafe class Ring : IDisposable
{
    private readonly Thread _thread;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RingMailbox _mailbox = new();
    private readonly WakeOperation _wake;
    private readonly TickOperation _tick;
    private readonly RingSlots _slots;
    private readonly MemoryMapping _kernelWords = MemoryMapping.Anonymous(4096);
    private readonly List<TcpConnection> _dirty = [];
    private readonly List<TcpConnection> _dirtyNow = [];
    private readonly Queue<ISlotWaiter> _slotWaiters = new(256);
    private List<Action> _atNextTick = [];
    private List<Action> _atThisTick = [];
    private RingEngine _engine = null!;
    private bool _ticking;
    private bool _stopping;

    /// <summary>Makes a ring; nothing runs before <see cref="Start"/>.</summary>
    /// <param name="index">0-based; names the thread.</param>
    /// <param name="options">Its bounds.</param>
    public Ring(int index, RingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Index = index;
        Options = options;
        Arena = MemoryMapping.Anonymous(options.ArenaBytes);
        Chunks = new SendChunks(options.SendChunkCount);
        _slots = new RingSlots(options.SlotCount);
        _wake = new WakeOperation(this);
        _tick = new TickOperation(this);
        _thread = new Thread(Run) { IsBackground = true, Name = $"ring-{index}" };
    }

    /// <summary>0-based index.</summary>
    public int Index { get; }

    /// <summary>Its bounds.</summary>
    public RingOptions Options { get; }

    /// <summary>The data buffers' memory.</summary>
    public MemoryMapping Arena { get; }

    /// <summary>True when the arena is registered, so that READ_FIXED and WRITE_FIXED take it as buffer 0.</summary>
    public bool IsArenaRegistered { get; private set; }

    /// <summary>What runs on it; set before <see cref="Start"/> or on its thread.</summary>
    public IRingApplication? Application { get; set; }

    /// <summary>Connections that live here. Any thread may read it.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>What carries out the submissions. Once started.</summary>
    public EngineKind Engine => _engine.Kind;

    /// <summary>Why it is not io_uring although that was wanted, and what to do; null where there is nothing to say.</summary>
    public string? EngineRefusal { get; private set; }

    /// <summary>Calls to the kernel that hand over and wait. Any thread may read it.</summary>
    public long Enters => _engine.Enters;

    internal SendChunks Chunks { get; }

    internal ReadOnlySpan<byte> Received(ushort bufferId, int lengthBytes) => _engine.Received(bufferId, lengthBytes);

    internal void ReturnReceived(ushort bufferId) => _engine.Return(bufferId);

    private int _connectionCount;

    /// <summary>Starts the thread and waits until the ring is set up.</summary>
    /// <exception cref="UringException">io_uring is not usable here; the message says what to do.</exception>
    public void Start()
    {
        _thread.Start();
        _started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs work on the ring's thread, in order. Any thread.</summary>
    public void Post(Action work) => _mailbox.Post(work);

    /// <summary>Ends the thread after its turn and waits for it. Not from the ring's own thread.</summary>
    public void Stop()
    {
        Post(() => _stopping = true);
        _thread.Join();
    }

    /// <summary>
    /// The next submission, cleared and bound to its owner; null when too much is under way, and then nothing follows. The caller fills in
    /// the rest before it returns to the ring. Ring thread.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UringSqe* TryPrepare(IRingOperation operation)
    {
        // The slot first, as an entry cannot be given back.
        if (_slots.FreeCount == 0) return null;
        UringSqe* entry = _engine.TryNextEntry();
        if (entry is null)
        {
            // The queue of this turn is full: hand it over early, without waiting.
            Enter(0);
            entry = _engine.TryNextEntry();
            if (entry is null) return null;
        }

        ulong userData = _slots.Take(operation);
        entry->UserData = userData;
        if (operation is IUserDataHolder holder) holder.UserData = userData;
        return entry;
    }

    /// <summary>True while somebody waits for a slot: whoever comes now stands behind. Ring thread.</summary>
    public bool HasSlotWaiters => _slotWaiters.Count > 0;

    /// <summary>Puts somebody in line who got nothing from <see cref="TryPrepare"/>; called once, in a later turn, first come first served. Ring thread.</summary>
    /// <remarks>Bounded by its callers, each of which stands in line once.</remarks>
    public void WaitForSlot(ISlotWaiter waiter) => _slotWaiters.Enqueue(waiter);

    /// <summary>Takes a connected socket; its handler receives from the next turn on. Ring thread.</summary>
    /// <param name="fd">The descriptor; the ring's from now on.</param>
    /// <param name="makeHandler">Makes the handler for the connection.</param>
    /// <returns>False when the ring has as many connections as it may; the socket is closed then.</returns>
    public bool TryAdopt(int fd, Func<TcpConnection, IConnectionHandler> makeHandler)
    {
        ArgumentNullException.ThrowIfNull(makeHandler);
        if (_connectionCount >= Options.ConnectionCount)
        {
            _ = TcpSocket.Close(fd);
            return false;
        }

        _ = TcpSocket.SetNoDelay(fd);
        _ = TcpSocket.SetKeepAlive(fd);
        var connection = new TcpConnection(this, fd);
        Volatile.Write(ref _connectionCount, _connectionCount + 1);
        connection.Start(makeHandler(connection));
        EnsureTicking();
        return true;
    }

    /// <summary>Unmaps the memory. After <see cref="Stop"/>.</summary>
    public void Dispose()
    {
        Arena.Dispose();
        Chunks.Dispose();
        _kernelWords.Dispose();
        _mailbox.Dispose();
    }

    internal void MarkDirty(TcpConnection connection)
    {
        connection.IsDirty = true;
        _dirty.Add(connection);
    }

    internal void OnConnectionClosed(TcpConnection connection)
    {
        System.Diagnostics.Debug.Assert(_connectionCount > 0 && !connection.IsDirty);
        Volatile.Write(ref _connectionCount, _connectionCount - 1);
    }

    /// <summary>Where the one <see cref="RingTimer"/> keeps its time; behind the words of wake and tick.</summary>
    internal KernelTimespec* TimerWords => (KernelTimespec*)(_kernelWords.Address + 128);

    /// <summary>Tries something again in about a second.</summary>
    internal void AtNextTick(Action work)
    {
        _atNextTick.Add(work);
        EnsureTicking();
    }

    private void Run()
    {
        try
        {
            SetUp();
        }
        catch (UringException exception)
        {
            _started.SetException(exception);
            return;
        }

        _started.SetResult();
        while (!_stopping) Turn();
        _engine.Dispose();
    }

    private void SetUp()
    {
        _engine = RingEngine.Open(Options, out string? refusal);
        EngineRefusal = refusal;
        IsArenaRegistered = _engine.TryRegister(Arena.Address, Arena.LengthBytes);
        _engine.Begin();
        _wake.Arm();
    }

    private void Turn()
    {
        while (_engine.TryTake(out UringCqe completion))
        {
            bool last = (completion.Flags & UringConstants.CqeMore) == 0;
            _slots.Find(completion.UserData, last)?.OnCompletion(completion.Result, completion.Flags);
        }

        ServeSlotWaiters();
        Application?.OnEndOfTurn();
        _dirtyNow.AddRange(_dirty);
        _dirty.Clear();
        foreach (TcpConnection connection in _dirtyNow) connection.OnEndOfTurn();
        _dirtyNow.Clear();
        Enter(_stopping || _dirty.Count > 0 || _engine.HasCompletion ? 0 : 1);
    }

    // Whoever fails again goes to the back, so each is asked once.
    private void ServeSlotWaiters()
    {
        for (int count = _slotWaiters.Count; count > 0 && _slots.FreeCount > 0; count--) _slotWaiters.Dequeue().OnSlotFree();
    }

    private void Enter(int wait)
    {
        int result = _engine.Enter(wait);
        if (result < 0) throw new InvalidOperationException($"io_uring_enter refused what we built: {Errno.Describe(result)}");
    }

    private void EnsureTicking()
    {
        if (!_ticking) _ticking = _tick.TryArm();
    }

    private void OnTick()
    {
        _ticking = false;
        (_atNextTick, _atThisTick) = (_atThisTick, _atNextTick);
        foreach (Action work in _atThisTick) work();
        _atThisTick.Clear();
        Application?.OnTick();
        if (_connectionCount > 0 || _atNextTick.Count > 0) EnsureTicking();
    }

    // Reads the eventfd of the mailbox into the first kernel word; armed all the time.
    private sealed class WakeOperation(Ring ring) : IRingOperation
    {
        public void OnCompletion(int result, uint flags)
        {
            Arm();
            ring._mailbox.RunAll();
        }

        internal void Arm()
        {
            UringSqe* entry = ring.TryPrepare(this);
            if (entry is null) throw new InvalidOperationException("The wake-up has no slot, although it frees one just before.");
            entry->Opcode = UringOp.Read;
            entry->Fd = ring._mailbox.EventNumber;
            entry->Address = (ulong)ring._kernelWords.Address;
            entry->Length = sizeof(ulong);
            entry->Offset = RingEngine.StreamOffset;
        }
    }

    // One second, from the second kernel word on.
    private sealed class TickOperation(Ring ring) : IRingOperation
    {
        public void OnCompletion(int result, uint flags) => ring.OnTick();

        internal bool TryArm()
        {
            var time = (KernelTimespec*)(ring._kernelWords.Address + 64);
            time->Seconds = 1;
            UringSqe* entry = ring.TryPrepare(this);
            if (entry is null) return false;
            entry->Opcode = UringOp.Timeout;
            entry->Fd = -1;
            entry->Address = (ulong)time;
            entry->Length = 1;
            return true;
        }
    }
}
