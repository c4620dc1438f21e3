using VSan.Interop;
using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>Calls back once after a while, on a ring's thread. One for each ring: its time lies in the ring's own words.</summary>
/// <param name="ring">The ring.</param>
/// <param name="onDue">What is called.</param>
public sealed unsafe class RingTimer(Ring ring, Action onDue) : IRingOperation
{
    private bool _armed;

    /// <summary>Arms it; nothing happens when it is armed already. Ring thread.</summary>
    /// <param name="nanoseconds">After how long, below a second. With the ring full it is tried again at the next tick.</param>
    public void Arm(long nanoseconds)
    {
        if (_armed) return;
        _armed = true;
        KernelTimespec* time = ring.TimerWords;
        time->Seconds = 0;
        time->Nanoseconds = nanoseconds;
        UringSqe* entry = ring.TryPrepare(this);
        if (entry is null)
        {
            ring.AtNextTick(Fire);
            return;
        }

        entry->Opcode = UringOp.Timeout;
        entry->Fd = -1;
        entry->Address = (ulong)time;
        entry->Length = 1;
    }

    /// <inheritdoc/>
    public void OnCompletion(int result, uint flags) => Fire();

    private void Fire()
    {
        _armed = false;
        onDue();
    }
}
