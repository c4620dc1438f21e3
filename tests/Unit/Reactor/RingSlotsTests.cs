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
        Assert.True(slots.TryTake(first, out ulong old));
        Assert.Same(first, slots.Find(old, last: true));
        Assert.True(slots.TryTake(second, out ulong young));
        Assert.Null(slots.Find(old, last: true));
        Assert.Same(second, slots.Find(young, last: false));
    }

    [Fact]
    public void Slots_AllTaken_RefuseTheNext()
    {
        var slots = new RingSlots(1);
        Assert.True(slots.TryTake(new Idle(), out _));
        Assert.False(slots.TryTake(new Idle(), out _));
    }

    private sealed class Idle : IRingOperation
    {
        public void OnCompletion(int result, uint flags)
        {
        }
    }
}
