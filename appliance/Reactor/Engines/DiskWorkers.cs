using VSan.Interop;
using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>
/// Threads that carry out file operations of one ring, each waiting for the disk. As many as operations were ever under way, up to a bound;
/// past it operations wait here, first come first served. The ring's thread adds and takes; bounded by its slots.
/// </summary>
internal sealed unsafe class DiskWorkers : IDisposable
{
    // A disk gains little beyond this depth, and each thread costs its stack.
    private const int WorkersMax = 32;

    private readonly object _gate = new();
    private readonly FileDescriptor _event = FileDescriptor.CreateEvent();
    private readonly Queue<UringSqe> _waiting = new();
    private readonly Queue<UringCqe> _done = new();
    private readonly List<Thread> _workers = [];
    private int _busy;
    private bool _ended;

    /// <summary>Readable while there are completions to take.</summary>
    public int EventNumber => _event.Number;

    /// <summary>Queues one operation.</summary>
    public void Add(in UringSqe entry)
    {
        lock (_gate)
        {
            _waiting.Enqueue(entry);
            if (_waiting.Count + _busy > _workers.Count && _workers.Count < WorkersMax) AddWorker();
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Moves what is done.</summary>
    public void TakeCompletions(Queue<UringCqe> to)
    {
        ulong signals;
        _ = FileCalls.ReadStream(EventNumber, (nint)(&signals), sizeof(ulong));
        lock (_gate)
        {
            while (_done.TryDequeue(out UringCqe completion)) to.Enqueue(completion);
        }
    }

    /// <summary>Ends the threads behind the operations that are under way; those that wait are dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _waiting.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (Thread worker in _workers) worker.Join();
        _event.Dispose();
    }

    private void AddWorker()
    {
        var worker = new Thread(Work) { IsBackground = true, Name = $"disk-{_workers.Count}" };
        _workers.Add(worker);
        worker.Start();
    }

    private void Work()
    {
        while (TryNext(out UringSqe entry))
        {
            var completion = new UringCqe(entry.UserData, Execute(in entry), 0);
            lock (_gate)
            {
                _busy--;
                _done.Enqueue(completion);
                if (_done.Count == 1) _event.Signal();
            }
        }
    }

    private bool TryNext(out UringSqe entry)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_ended) Monitor.Wait(_gate);
            if (!_waiting.TryDequeue(out entry)) return false;
            _busy++;
            return true;
        }
    }

    private static int Execute(in UringSqe entry) => entry.Opcode switch
    {
        UringOp.Read or UringOp.ReadFixed => FileCalls.Read(entry.Fd, (nint)entry.Address, (int)entry.Length, (long)entry.Offset),
        UringOp.Write or UringOp.WriteFixed => FileCalls.Write(entry.Fd, (nint)entry.Address, (int)entry.Length, (long)entry.Offset, entry.ReadWriteFlags),
        UringOp.Fsync => FileCalls.DataSync(entry.Fd),
        UringOp.Fallocate => FileCalls.Allocate(entry.Fd, (int)entry.Length, (long)entry.Offset, (long)entry.Address),
        _ => -Errno.NotSupported,
    };
}
