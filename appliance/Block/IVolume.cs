namespace VSan.Block;

/// <summary>
/// The waist of the data plane: blocks by address, whoever asks and wherever they are kept. One instance serves all rings;
/// <see cref="BlockRequest.RingIndex"/> says on which one a request lives.
/// </summary>
public interface IVolume
{
    /// <summary>The shape as it is now. Any thread.</summary>
    VolumeGeometry Geometry { get; }

    /// <summary>Starts a request. Exactly one completion follows, on the same thread, possibly before this returns.</summary>
    /// <remarks>
    /// Ring thread of <see cref="BlockRequest.RingIndex"/> only. Allocates nothing, never throws. Requests that do not overlap run in any
    /// order; a request submitted after another's completion sees its effect. Overlapping changes run one after the other, in order of submission.
    /// </remarks>
    void Submit(BlockRequest request);

    /// <summary>Takes a request back that waits for the volume's limit: it ends in <see cref="BlockStatus.Closed"/> before this returns. Ring thread.</summary>
    /// <returns><c>false</c>: it is not with the volume, or has begun and ends by itself.</returns>
    bool TryRecall(BlockRequest request);
}
