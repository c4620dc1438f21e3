using VSan.Block;

namespace VSan.Scsi.Copy;

/// <summary>One block to block segment, both of its ends found and inside their logical units.</summary>
/// <param name="Source">Where the bytes come from.</param>
/// <param name="SourceLba">First block there.</param>
/// <param name="Destination">Where they go to.</param>
/// <param name="DestinationLba">First block there.</param>
/// <param name="LengthBytes">Whole blocks of both.</param>
internal sealed record CopySegment(LunSlot Source, Lba SourceLba, LunSlot Destination, Lba DestinationLba, long LengthBytes)
{
    /// <summary>From the end to the start, as the destination begins inside the source: no byte is overwritten before it was read.</summary>
    public bool Backwards =>
        ReferenceEquals(Source.Unit, Destination.Unit) && DestinationLba.Value > SourceLba.Value;
}
