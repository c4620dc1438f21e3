using VSan.BlockServer.Serving;
using VSan.Contracts.BlockServer;
using VSan.Reactor;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>After start a command costs the ring's thread not one byte of managed memory, from the socket to the volume and back.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 3;
    private const int Commands = 4096;
    private const int Depth = 32;
    private const int TransferBytes = 4096;

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    [InlineData("limited")]
    public void RingThread_ReadsAndWritesAfterWarmUp_AllocatesNothing(string kind)
    {
        using ServingBench bench = Bench(kind);
        Assert.Equal(0, AllocatedUnderLoad(bench));
    }

    [Fact]
    public void RingThread_WithAnApplicationThatAllocates_IsSeenToAllocate()
    {
        using ServingBench bench = Bench("memory");
        bench.Rings[0].Ring.Application = new Wasteful(bench.Rings[0]);
        Assert.NotEqual(0, AllocatedUnderLoad(bench));
    }

    [Fact]
    public void Ring_ReadsAtDepth32_EntersTheKernelLessThanOnceForTwo()
    {
        using ServingBench bench = Bench("memory");
        using RawInitiator initiator = bench.LogIn();
        initiator.Pump(write: false, Depth * 4, Depth, TransferBytes);
        long before = bench.Rings[0].Ring.Enters;
        initiator.Pump(write: false, Commands, Depth, TransferBytes);
        Assert.InRange(bench.Rings[0].Ring.Enters - before, 1, Commands / 2);
    }

    private static ServingBench Bench(string kind)
    {
        var bench = new ServingBench();
        VolumeConfiguration volume = bench.Volume(1, kind == "file" ? VolumeKind.File : VolumeKind.Memory);
        Assert.Null(bench.Serve(kind == "limited" ? volume with { Limits = new LimitConfiguration(MaxIops: 20_000, null) } : volume).Error);
        return bench;
    }

    private static long AllocatedUnderLoad(ServingBench bench)
    {
        using RawInitiator initiator = bench.LogIn();
        using var probe = new Probe(bench.Rings[0].Ring);
        Load(initiator);
        _ = probe.Take();

        // The runtime itself may grow a table of its own on this thread once; a command that allocates does so in every round.
        long leastBytes = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = probe.Take();
            Load(initiator);
            leastBytes = Math.Min(leastBytes, probe.Take() - before);
        }

        return leastBytes;
    }

    private static void Load(RawInitiator initiator)
    {
        initiator.Pump(write: true, Commands, Depth, TransferBytes);
        initiator.Pump(write: false, Commands, Depth, TransferBytes);
    }

    // Reads the counter of the ring's thread there. Its delegate is made once, and the wait is the tester's, so that it costs the ring nothing.
    private sealed class Probe : IDisposable
    {
        private readonly Ring _ring;
        private readonly Action _read;
        private readonly ManualResetEventSlim _taken = new();
        private long _bytes;

        internal Probe(Ring ring)
        {
            _ring = ring;
            _read = () =>
            {
                _bytes = GC.GetAllocatedBytesForCurrentThread();
                _taken.Set();
            };
        }

        internal long Take()
        {
            _taken.Reset();
            _ring.Post(_read);
            Assert.True(_taken.Wait(TimeSpan.FromSeconds(20)));
            return _bytes;
        }

        public void Dispose() => _taken.Dispose();
    }

    private sealed class Wasteful(RingFrontEnd inner) : IRingApplication
    {
        private object _last = new();

        public void OnEndOfTurn()
        {
            if (_last.GetHashCode() != 0) _last = new object();
            inner.OnEndOfTurn();
        }

        public void OnTick() => inner.OnTick();
    }
}
