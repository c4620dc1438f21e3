using VSan.Block;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

public sealed class RateLimitTests
{
    private readonly StoppedClock _clock = new();

    [Fact]
    public void TryTake_OverTenSeconds_AdmitsTheRateAndTheBurst()
    {
        RateLimit limit = new(100, null, TimeSpan.FromSeconds(1), _clock);
        Assert.InRange(AdmittedIn(limit, seconds: 10, bytes: 4096), 1090, 1102);
    }

    [Fact]
    public void TryTake_Bytes_AdmitsTheRateAndTheBurst()
    {
        RateLimit limit = new(null, 1 << 20, TimeSpan.FromSeconds(2), _clock);
        Assert.InRange(AdmittedIn(limit, seconds: 10, bytes: 64 * 1024), 16 * 12 - 2, 16 * 12 + 2);
    }

    [Fact]
    public void TryTake_LargerThanTheBurst_BeginsAndIsPaidForAfterwards()
    {
        RateLimit limit = new(null, 1000, TimeSpan.FromSeconds(1), _clock);
        Assert.True(limit.TryTake(10_000));
        _clock.Advance(TimeSpan.FromSeconds(8.9));
        Assert.False(limit.TryTake(1));
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(limit.TryTake(1));
    }

    [Fact]
    public void TryTake_IdleForLong_SavesUpNoMoreThanTheBurst()
    {
        RateLimit limit = new(10, null, TimeSpan.FromSeconds(1), _clock);
        _clock.Advance(TimeSpan.FromHours(1));
        int admitted = 0;
        while (limit.TryTake(0)) admitted++;
        Assert.Equal(10, admitted);
    }

    [Fact]
    public void TryTake_ManyTimes_AllocatesNothing()
    {
        RateLimit limit = new(1_000_000, 1 << 30, TimeSpan.FromSeconds(1), TimeProvider.System);
        _ = limit.TryTake(512);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) _ = limit.TryTake(512);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task Volume_Limited_ServesWhatTheClockPaysFor_AndOneBesideItIsNotHeldBack()
    {
        using VolumeBench limited = new("memory");
        using VolumeBench free = new("memory");
        limited.Volume.SetLimit(new RateLimit(100, null, TimeSpan.FromMilliseconds(100), _clock));
        using BurstRun held = limited.Begin(50);
        await held.EndedAsync(10);
        Assert.Equal((40, 40), (limited.Volume.WaitingRequests, limited.Volume.LimitedRequests));
        using (BurstRun passing = free.Begin(50)) await passing.EndedAsync(50);
        Assert.Equal(0, free.Volume.LimitedRequests);

        // A tenth of a second pays for ten, and the debt of none is left from the burst.
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await held.EndedAsync(20);
        Assert.Equal(30, limited.Volume.WaitingRequests);
        limited.Volume.SetLimit(null);
        await held.EndedAsync(50);
        Assert.Equal((0, 40), (limited.Volume.WaitingRequests, limited.Volume.LimitedRequests));
    }

    [Fact]
    public async Task Volume_RequestThatWaits_IsRecalledAndOneThatHasBegunIsNot()
    {
        using VolumeBench bench = new("memory");
        bench.Volume.SetLimit(new RateLimit(10, null, TimeSpan.FromMilliseconds(100), _clock));
        using BurstRun run = bench.Begin(5);
        await run.EndedAsync(1);
        Assert.False(await run.RecallAsync(1));
        Assert.True(await run.RecallAsync(3));
        Assert.True(await run.RecallAsync(5));
        Assert.False(await run.RecallAsync(3));
        await run.EndedAsync(3);
        Assert.Equal(2, bench.Volume.WaitingRequests);
        _clock.Advance(TimeSpan.FromHours(1));
        await run.EndedAsync(4);
        _clock.Advance(TimeSpan.FromHours(1));
        await run.EndedAsync(5);
        Assert.Equal([BlockStatus.Success, BlockStatus.Success, BlockStatus.Closed, BlockStatus.Success, BlockStatus.Closed], run.Statuses);
    }

    [Fact]
    public async Task Volume_HeldWhileRequestsWait_LetsNoneBeginUntilReleased()
    {
        using VolumeBench bench = new("memory");
        bench.Volume.SetLimit(new RateLimit(10, null, TimeSpan.FromMilliseconds(100), _clock));
        using BurstRun run = bench.Begin(2);
        await run.EndedAsync(1);
        Assert.True(await bench.Volume.TryHoldAsync(TimeSpan.FromSeconds(20)));
        bench.Volume.SetLimit(null);
        Assert.True(await bench.Volume.TryHoldAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, bench.Volume.WaitingRequests);
        await bench.Volume.ReleaseAsync();
        await run.EndedAsync(2);
    }

    [Fact]
    public async Task Volume_ClosedWhileRequestsWait_EndsThem()
    {
        using VolumeBench bench = new("memory");
        bench.Volume.SetLimit(new RateLimit(1, null, TimeSpan.FromSeconds(1), _clock));
        using BurstRun run = bench.Begin(3);
        await run.EndedAsync(1);
        await bench.Volume.CloseAsync();
        await run.EndedAsync(3);
        Assert.Equal([BlockStatus.Success, BlockStatus.Closed, BlockStatus.Closed], run.Statuses);
    }

    private int AdmittedIn(RateLimit limit, int seconds, long bytes)
    {
        int admitted = 0;
        for (int step = 0; step < seconds * 1000; step++)
        {
            while (limit.TryTake(bytes)) admitted++;
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        return admitted;
    }

    private sealed class StoppedClock : TimeProvider
    {
        private long _ticks = 1_000_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
