using VSan.Reactor;
using Xunit;

namespace VSan.Tests.Unit.Reactor;

public sealed unsafe class SendChunksTests
{
    private const int Count = 256;

    [Fact]
    public void Share_ManyTakeAllThatTheyMay_LeavesSomeForTheNext()
    {
        using var chunks = new SendChunks(Count);
        for (int slow = 0; slow < 60; slow++)
        {
            // As a connection does: it takes until it is over its share, and is then not read from.
            for (int held = 0; held <= chunks.ShareCount; held++) Assert.True(chunks.TryRent(held, out _));
        }

        Assert.True(chunks.TryRent(0, out _));
    }

    [Fact]
    public void TryRent_OnlyTheReserveIsLeft_RefusesWhoIsOverItsShareAlone()
    {
        using var chunks = new SendChunks(Count);
        int held = 0;
        while (chunks.TryRent(held, out _)) held++;
        Assert.Equal(Count - (Count / 4), held);
        Assert.True(chunks.TryRent(0, out _));
        Assert.False(chunks.TryRent(held, out _));
    }

    [Fact]
    public void TryRent_NoneIsLeft_RefusesEverybodyUntilOneIsBack()
    {
        using var chunks = new SendChunks(Count);
        byte* last = null;
        for (int i = 0; i < Count; i++) Assert.True(chunks.TryRent(0, out last));
        Assert.False(chunks.TryRent(0, out _));
        chunks.Return(last);
        Assert.True(chunks.TryRent(0, out _));
    }
}
