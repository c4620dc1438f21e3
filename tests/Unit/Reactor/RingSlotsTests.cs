using VSan.Reactor;
using Xunit;

namespace VSan.Tests.Unit.Reactor;

public sealed class RingSlotsTests
{
    [Fact]
    public void Slot_LateCompletionAfterReuse_FindsNobody()
    {
        var slots = new RingSlots(1);
        var first = new Idle();
        var second = new Idle();
        ulong old = slots.Take(first);
        Assert.Same(first, slots.Find(old, last: true));
        ulong young = slots.Take(second);
        Assert.Null(slots.Find(old, last: true));
        Assert.Same(second, slots.Find(young, last: false));
    }

    [Fact]
    public void Slots_AllTaken_HaveNoneFreeUntilTheLastCompletion()
    {
        var slots = new RingSlots(1);
        ulong taken = slots.Take(new Idle());
        Assert.Equal(0, slots.FreeCount);
        Assert.NotNull(slots.Find(taken, last: false));
        Assert.Equal(0, slots.FreeCount);
        Assert.NotNull(slots.Find(taken, last: true));
        Assert.Equal(1, slots.FreeCount);
    }

    private sealed class Idle : IRingOperation
    {
        public void OnCompletion(int result, uint flags)
        {
        }
    }
}
