using VSan.Interop.Uring;
using VSan.Reactor;
using VSan.Volumes;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>
/// The disk side of a ring whose n-th request to the kernel fails, once: the kernel does it all the same, as a disk may that reports an error, and
/// the server is told otherwise.
/// </summary>
/// <param name="ring">The ring.</param>
/// <param name="nth">Which, 1-based.</param>
/// <param name="result">What the server is told; null: the truth, which is the control.</param>
internal sealed unsafe class FaultyVolumeRing(Ring ring, int nth, int? result) : VolumeRing(ring)
{
    private int _count;

    /// <summary>True once the n-th request has been made.</summary>
    internal bool HasStruck => Volatile.Read(ref _count) >= nth;

    internal override UringSqe* TryPrepare(IRingOperation operation)
    {
        bool strikes = ++_count == nth && result is not null;
        return base.TryPrepare(strikes ? new Struck(operation, result!.Value) : operation);
    }

    private sealed class Struck(IRingOperation operation, int result) : IRingOperation
    {
        public void OnCompletion(int _, uint flags) => operation.OnCompletion(result, flags);
    }
}
