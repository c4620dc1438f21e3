using VSan.Block;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>A volume whose n-th request of a kind fails and is not run; all others are the inner volume's.</summary>
internal sealed class FaultyVolume(IVolume inner, BlockOperation operation, int nth, BlockStatus status, int errno) : IVolume
{
    private int _count;

    public VolumeGeometry Geometry => inner.Geometry;

    public void Submit(BlockRequest request)
    {
        if (request.Operation == operation && ++_count == nth) request.Complete(status, errno);
        else inner.Submit(request);
    }

    public bool TryRecall(BlockRequest request) => inner.TryRecall(request);
}
