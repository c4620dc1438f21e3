using VSan.Block;
using VSan.Reactor;
using VSan.Tests.Harness;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>One real ring, one volume on it, and a way to run one request at a time from a test.</summary>
internal sealed class VolumeBench : IBlockCompletion, IDisposable
{
    internal const int ArenaBytes = 4 * 1024 * 1024;

    private readonly Ring _ring;
    private readonly BufferPool _pool;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-volume-");
    private TaskCompletionSource<BlockStatus> _done = new();

    internal VolumeBench(string kind, long sizeBytes = 1024 * 1024, int blockBytes = 512, int slotCount = 4096)
    {
        _ring = new Ring(0, new RingOptions(ArenaBytes, slotCount, Engine: TestEngine.Kind));
        _ring.Start();
        Rings = [new VolumeRing(_ring)];
        _pool = new BufferPool(_ring.Arena.Address, ArenaBytes);
        var geometry = new VolumeGeometry(blockBytes, 4096, new BlockCount((ulong)(sizeBytes / blockBytes)), 4096 / blockBytes, kind != "thick");
        FilePath = Path.Combine(_directory.FullName, "volume.img");
        using (FileStream file = File.Create(FilePath)) file.SetLength(sizeBytes);
        if (kind == "device") Loop = Wait(() => LoopDevice.AttachAsync(FilePath, blockBytes));
        Volume = kind == "memory" ? new MemoryVolume(geometry, Rings) : Open(geometry);
    }

    internal VolumeRing[] Rings { get; }

    /// <summary>Answer to the last <see cref="BlockOperation.FindExtent"/>: blocks, and whether they take space.</summary>
    internal (ulong Count, bool IsMapped) LastExtent { get; private set; }

    internal Volume Volume { get; private set; }

    internal string FilePath { get; }

    /// <summary>The device over the file; null for another kind.</summary>
    internal LoopDevice? Loop { get; }

    public void OnCompleted(BlockRequest request) => _done.SetResult(request.Status);

    public void Dispose()
    {
        if (Loop is not null)
        {
            Wait(async () =>
            {
                await Volume.CloseAsync();
                await Loop.DisposeAsync();
                return true;
            });
        }

        _ring.Stop();
        _ring.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Makes what is below the volume longer.</summary>
    internal void Lengthen(long lengthBytes)
    {
        using (FileStream file = File.OpenWrite(FilePath)) file.SetLength(lengthBytes);
        if (Loop is null) return;
        Wait(async () =>
        {
            await Loop.ResizeAsync();
            return true;
        });
    }

    /// <summary>Closes the file and opens it anew, as a restart would.</summary>
    internal async Task ReopenAsync()
    {
        VolumeGeometry geometry = Volume.Geometry;
        await Volume.CloseAsync();
        Volume = Open(geometry);
    }

    /// <summary>Submits writes of whole buffers in one turn, each filled with its number, all to the same blocks or one behind the other.</summary>
    /// <param name="count">How many; numbered from 1.</param>
    /// <param name="blocks">Length of each.</param>
    /// <param name="overlapping">True: all to block 0.</param>
    /// <param name="hadToWait">True when the ring ran out of slots meanwhile.</param>
    /// <returns>The numbers of the writes that succeeded, in the order of their ends.</returns>
    internal List<int> RunAtOnce(int count, int blocks, bool overlapping, out bool hadToWait)
    {
        using var burst = new WriteBurst(count, blocks * Volume.Geometry.BlockSizeBytes, _pool);
        bool waited = false;
        _ring.Post(() =>
        {
            for (int number = 1; number <= count; number++)
            {
                Volume.Submit(burst.Request(number, (ulong)(overlapping ? 0 : (number - 1) * blocks), blocks));
                waited |= _ring.HasSlotWaiters;
            }
        });
        List<int> ended = burst.Wait();
        hadToWait = waited;
        return ended;
    }

    /// <summary>Begins requests without data in one turn, one behind the other.</summary>
    internal BurstRun Begin(int count) => new(this, count);

    internal BlockStatus Run(BlockOperation operation, ulong lba, ulong count, byte[]? data = null, bool fua = false)
    {
        _done = new TaskCompletionSource<BlockStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        BufferLease lease = default;
        if (data is not null)
        {
            Assert.True(_pool.TryRent(data.Length, out lease));
            data.CopyTo(lease.Span);
        }

        var request = new BlockRequest
        {
            Operation = operation,
            Lba = new Lba(lba),
            Count = new BlockCount(count),
            Buffer = lease,
            ForceUnitAccess = fua,
            Completion = this,
        };
        _ring.Post(() => Volume.Submit(request));
        Assert.True(_done.Task.Wait(TimeSpan.FromSeconds(20)));
        LastExtent = (request.ExtentCount.Value, request.IsExtentMapped);
        if (data is null) return request.Status;
        lease.Span[..data.Length].CopyTo(data);
        _pool.Return(lease);
        return request.Status;
    }

    private Volume Open(VolumeGeometry geometry)
    {
        if (Loop is null) return VolumeFile.TryOpen(FilePath, geometry, Rings, out string? error) ?? throw new InvalidOperationException(error);
        (BlockDeviceVolume? device, string? why) = Wait(() => BlockDeviceVolume.OpenAsync(Loop.Path, geometry, identity: null, Rings));
        return device ?? throw new InvalidOperationException(why);
    }

    // On the thread pool: the test's own context may have no thread to spare.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
