using VSan.Block;
using VSan.Reactor;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>One real ring, one volume on it, and a way to run one request at a time from a test.</summary>
internal sealed class VolumeBench : IBlockCompletion, IDisposable
{
    internal const int ArenaBytes = 4 * 1024 * 1024;

    private readonly Ring _ring = new(0, new RingOptions(ArenaBytes));
    private readonly BufferPool _pool;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-volume-");
    private TaskCompletionSource<BlockStatus> _done = new();

    internal VolumeBench(string kind, long sizeBytes = 1024 * 1024, int blockBytes = 512)
    {
        _ring.Start();
        Rings = [new VolumeRing(_ring)];
        _pool = new BufferPool(_ring.Arena.Address, ArenaBytes);
        var geometry = new VolumeGeometry(blockBytes, 4096, new BlockCount((ulong)(sizeBytes / blockBytes)), 4096 / blockBytes, true);
        FilePath = Path.Combine(_directory.FullName, "volume.img");
        using (FileStream file = File.Create(FilePath)) file.SetLength(sizeBytes);
        Volume = kind == "memory" ? new MemoryVolume(geometry, Rings) : VolumeFile.TryOpen(FilePath, geometry, Rings, out _)!;
    }

    internal VolumeRing[] Rings { get; }

    internal Volume Volume { get; }

    internal string FilePath { get; }

    public void OnCompleted(BlockRequest request) => _done.SetResult(request.Status);

    public void Dispose()
    {
        _ring.Stop();
        _ring.Dispose();
        _directory.Delete(recursive: true);
    }

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
        if (data is null) return request.Status;
        lease.Span[..data.Length].CopyTo(data);
        _pool.Return(lease);
        return request.Status;
    }
}
