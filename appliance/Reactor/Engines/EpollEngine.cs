using System.Diagnostics;
using VSan.Interop;
using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>
/// io_uring's contract without io_uring: sockets by epoll on the ring's thread, files by threads that wait for the disk. Where io_uring is
/// forbidden the server works all the same, and a fault that only one of the two engines shows is the engine's.
/// </summary>
/// <remarks>A submission is carried out in <see cref="Enter"/>: at once where that needs no waiting, else when its descriptor is ready.</remarks>
internal sealed unsafe class EpollEngine : RingEngine
{
    private readonly ReadySet _ready = new();
    private readonly MemoryMapping _entries = MemoryMapping.Anonymous(SubmissionEntries * sizeof(UringSqe));
    // By descriptor, so no more than there ever were at once.
    private readonly Dictionary<int, EpollWatch> _watches = [];
    private readonly Queue<UringCqe> _completions = new(SubmissionEntries);
    private readonly List<(long Due, ulong UserData)> _timers = [];
    private readonly ReceiveBuffers _buffers;
    private readonly DiskWorkers _disk = new();
    private int _filled;
    private long _enters;

    public EpollEngine(RingOptions options)
    {
        _buffers = new ReceiveBuffers(options.ReceiveBufferCount, options.ReceiveBufferBytes);
        _ = _ready.Watch(_disk.EventNumber, isNew: true, read: true, write: false);
    }

    public override EngineKind Kind => EngineKind.Epoll;

    public override long Enters => Volatile.Read(ref _enters);

    public override bool HasCompletion => _completions.Count > 0;

    public override UringSqe* TryNextEntry()
    {
        if (_filled == SubmissionEntries) return null;
        UringSqe* entry = (UringSqe*)_entries.Address + _filled++;
        *entry = default;
        return entry;
    }

    public override int Enter(int waitForCompletions)
    {
        _enters++;
        var entries = (UringSqe*)_entries.Address;
        for (int i = 0; i < _filled; i++) Begin(in entries[i]);
        _filled = 0;
        int count = _ready.Wait(waitForCompletions == 0 || HasCompletion ? 0 : MillisecondsToNextTimer());
        for (int i = 0; i < count; i++) OnReady(_ready.Ready(i));
        FireTimers();
        return 0;
    }

    public override bool TryTake(out UringCqe completion) => _completions.TryDequeue(out completion);

    public override bool TryRegister(nint address, long lengthBytes) => false;

    public override void Begin()
    {
    }

    public override ReadOnlySpan<byte> Received(ushort id, int lengthBytes) => _buffers.At(id)[..lengthBytes];

    public override void Return(ushort id) => _buffers.Return(id);

    public override void Dispose()
    {
        _disk.Dispose();
        _ready.Dispose();
        _entries.Dispose();
        _buffers.Dispose();
    }

    private void Begin(in UringSqe entry)
    {
        switch (entry.Opcode)
        {
            case UringOp.Recv:
            case UringOp.Accept:
            case UringOp.Read when entry.Offset == StreamOffset:
                Update(WatchOf(entry.Fd).Read(entry));
                break;
            case UringOp.Sendmsg:
                Send(in entry);
                break;
            case UringOp.AsyncCancel:
                Cancel(in entry);
                break;
            case UringOp.Timeout:
                _timers.Add((Stopwatch.GetTimestamp() + TicksOf(in *(KernelTimespec*)entry.Address), entry.UserData));
                break;
            default:
                _disk.Add(in entry);
                break;
        }
    }

    private void OnReady((int Fd, bool Read, bool Write) ready)
    {
        if (ready.Fd == _disk.EventNumber) _disk.TakeCompletions(_completions);
        if (!_watches.TryGetValue(ready.Fd, out EpollWatch? watch)) return;
        if (ready.Write && watch.Writer is { } writer) Send(in writer);
        if (ready.Read && watch.Reader is { } reader) Read(watch, in reader);
    }

    private void Read(EpollWatch watch, in UringSqe entry)
    {
        switch (entry.Opcode)
        {
            case UringOp.Recv:
                Receive(watch, in entry);
                break;
            case UringOp.Accept:
                int accepted = TcpSocket.TryAccept(entry.Fd, entry.AcceptFlags);
                if (accepted >= 0) Complete(in entry, accepted, UringConstants.CqeMore);
                else EndRead(watch, accepted);
                break;
            default:
                EndRead(watch, FileCalls.ReadStream(entry.Fd, (nint)entry.Address, (int)entry.Length));
                break;
        }
    }

    private void Receive(EpollWatch watch, in UringSqe entry)
    {
        if (!_buffers.TryTake(out ushort id))
        {
            EndRead(watch, -Errno.NoBuffers);
            return;
        }

        int result = TcpSocket.TryReceive(entry.Fd, _buffers.At(id));
        if (result > 0)
        {
            Complete(in entry, result, UringConstants.CqeMore | UringConstants.CqeBuffer | ((uint)id << UringConstants.CqeBufferShift));
            return;
        }

        _buffers.Return(id);
        EndRead(watch, result);
    }

    /// <summary>The read that stays armed ends, unless there was just nothing to read yet.</summary>
    private void EndRead(EpollWatch watch, int result)
    {
        if (result is -Errno.Again or -Errno.Interrupted) return;
        Complete(watch.Reader!.Value, result, 0);
        Update(watch.Read(null));
    }

    private void Send(in UringSqe entry)
    {
        int result = TcpSocket.TrySend(entry.Fd, (nint)entry.Address, entry.MessageFlags);
        bool waits = result is -Errno.Again or -Errno.Interrupted;
        if (!waits) Complete(in entry, result, 0);
        if (waits || _watches.ContainsKey(entry.Fd)) Update(WatchOf(entry.Fd).Write(waits ? entry : null));
    }

    /// <summary>Ends what waits on a descriptor, or the one read that is named; then the cancellation itself.</summary>
    private void Cancel(in UringSqe entry)
    {
        bool byDescriptor = (entry.CancelFlags & UringConstants.CancelFd) != 0;
        ulong userData = entry.Address;
        EpollWatch? watch = byDescriptor
            ? _watches.GetValueOrDefault(entry.Fd)
            : _watches.Values.FirstOrDefault(each => each.Reader?.UserData == userData);
        if (watch?.Reader is { } reader) Complete(in reader, -Errno.Canceled, 0);
        if (watch?.Writer is { } writer && byDescriptor) Complete(in writer, -Errno.Canceled, 0);
        if (watch is not null) Update(byDescriptor ? watch.Read(null).Write(null) : watch.Read(null));
        Complete(in entry, watch is null ? -Errno.NoEntry : 0, 0);
    }

    private EpollWatch WatchOf(int fd)
    {
        if (!_watches.TryGetValue(fd, out EpollWatch? watch)) _watches.Add(fd, watch = new EpollWatch(fd));
        return watch;
    }

    /// <summary>Brings epoll in line with what waits on the descriptor.</summary>
    private void Update(EpollWatch watch)
    {
        if (watch.IsIdle)
        {
            // Before the descriptor is closed; the watch stays for the next one with its number.
            if (watch.IsWatched) _ = _ready.Forget(watch.Fd);
            watch.OnUpdated();
            return;
        }

        if (!watch.NeedsUpdate) return;
        int error = _ready.Watch(watch.Fd, !watch.IsWatched, watch.Reader is not null, watch.Writer is not null);
        if (error >= 0)
        {
            watch.OnUpdated();
            return;
        }

        if (watch.Reader is { } reader) Complete(in reader, error, 0);
        if (watch.Writer is { } writer) Complete(in writer, error, 0);
        Update(watch.Read(null).Write(null));
    }

    private void Complete(in UringSqe entry, int result, uint flags) => _completions.Enqueue(new UringCqe(entry.UserData, result, flags));

    private int MillisecondsToNextTimer()
    {
        long due = long.MaxValue;
        foreach ((long Due, ulong UserData) timer in _timers) due = Math.Min(due, timer.Due);
        if (due == long.MaxValue) return -1;
        long left = due - Stopwatch.GetTimestamp();
        return (int)Math.Clamp((left * 1000 / Stopwatch.Frequency) + 1, 0, int.MaxValue);
    }

    private void FireTimers()
    {
        if (_timers.Count == 0) return;
        long now = Stopwatch.GetTimestamp();
        for (int i = _timers.Count - 1; i >= 0; i--)
        {
            if (_timers[i].Due > now) continue;
            _completions.Enqueue(new UringCqe(_timers[i].UserData, -Errno.TimerExpired, 0));
            _timers.RemoveAt(i);
        }
    }

    private static long TicksOf(in KernelTimespec time) =>
        (time.Seconds * Stopwatch.Frequency) + (time.Nanoseconds * Stopwatch.Frequency / 1_000_000_000);
}
