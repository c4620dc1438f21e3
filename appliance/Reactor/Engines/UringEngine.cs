using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>io_uring with provided buffers and a registered arena; the feature set of Linux 6.1.</summary>
internal sealed unsafe class UringEngine : RingEngine
{
    private const int CompletionEntries = 8192;

    private readonly UringQueue _queue;
    private readonly UringBufferRing _receiveBuffers;

    public UringEngine(RingOptions options)
    {
        _queue = new UringQueue(SubmissionEntries, CompletionEntries);
        try
        {
            _queue.Require(Operations);
            _receiveBuffers = new UringBufferRing(_queue, 0, options.ReceiveBufferCount, options.ReceiveBufferBytes);
        }
        catch
        {
            _queue.Dispose();
            throw;
        }
    }

    /// <summary>All that is ever submitted.</summary>
    private static ReadOnlySpan<UringOp> Operations =>
    [
        UringOp.Recv, UringOp.Sendmsg, UringOp.Accept, UringOp.AsyncCancel, UringOp.Timeout, UringOp.Read, UringOp.Write,
        UringOp.ReadFixed, UringOp.WriteFixed, UringOp.Fsync, UringOp.Fallocate,
    ];

    public override EngineKind Kind => EngineKind.Uring;

    public override long Enters => _queue.Enters;

    public override bool HasCompletion => _queue.HasCompletion;

    public override UringSqe* TryNextEntry() => _queue.TryNextEntry();

    public override int Enter(int waitForCompletions) => _queue.Enter(waitForCompletions);

    public override bool TryTake(out UringCqe completion) => _queue.TryTake(out completion);

    public override bool TryRegister(nint address, long lengthBytes) => _queue.RegisterBuffer(address, lengthBytes) >= 0;

    public override void Begin() => _queue.Enable(Operations);

    public override ReadOnlySpan<byte> Received(ushort id, int lengthBytes) => _receiveBuffers.Received(id, lengthBytes);

    public override void Return(ushort id) => _receiveBuffers.Return(id);

    public override void Dispose()
    {
        _queue.Dispose();
        _receiveBuffers.Dispose();
    }
}
