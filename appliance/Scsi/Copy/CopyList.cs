using System.Buffers.Binary;
using System.Text;
using VSan.Block;
using VSan.Scsi.Commands;

namespace VSan.Scsi.Copy;

/// <summary>
/// Parameter list of EXTENDED COPY (LID1) (SPC-4, 6.4 and 6.3): what it names is looked up among the LUNs of the nexus, and nowhere else.
/// <code>
///   0  list identifier    1  STR, list id usage (bits 4-3), priority    2  CSCD list length (2)    8  segment list length (4)    12  inline length (4)
///  16  CSCD descriptors of 32:   0  E4h    1  NUL (bit 5), device type (bits 4-0)    4  code set    5  association, type
///                                7  designator length    8  designator (20)    29  block length (3)
///      segments of 28:           0  02h    1  DC (bit 1), CAT (bit 0)    2  length (2) 0018h    4  source index (2)    6  destination index (2)
///                               10  blocks (2)    12  source LBA (8)    20  destination LBA (8)
/// </code>
/// </summary>
internal static class CopyList
{
    public const int HeaderBytes = 16;
    public const int DescriptorBytes = 32;
    public const int SegmentBytes = 28;

    /// <summary>Descriptor codes that we know: block to block, and identification.</summary>
    public const byte BlockToBlock = 0x02, Identification = 0xE4;

    /// <summary>LIST ID USAGE 11b: nothing is to be kept of this copy.</summary>
    public const int NoRecord = 3;

    private const ushort BlockToBlockLength = SegmentBytes - 4;

    /// <summary>How the record of this copy is to be kept (SPC-4, table 109).</summary>
    public static int Usage(ReadOnlySpan<byte> list) => (list[1] >> 3) & 3;

    /// <summary>Reads a whole list.</summary>
    /// <returns><see cref="Sense.None"/>, or why nothing of it is copied.</returns>
    public static Sense TryParse(ReadOnlySpan<byte> list, ScsiNexus nexus, List<CopySegment> segments)
    {
        if (list.Length < HeaderBytes) return Sense.ParameterListLength;
        int descriptors = BinaryPrimitives.ReadUInt16BigEndian(list[2..]);
        uint segmentBytes = BinaryPrimitives.ReadUInt32BigEndian(list[8..]);
        uint inline = BinaryPrimitives.ReadUInt32BigEndian(list[12..]);
        if (Usage(list) == 1 || (Usage(list) == NoRecord && list[0] != 0)) return Sense.InvalidFieldInParameters.AtParameterByte(1);
        if (inline > 0) return Sense.InlineDataLengthExceeded;
        if (descriptors + segmentBytes > CopyLimits.ListBytesMax || list.Length < HeaderBytes + descriptors + segmentBytes) return Sense.ParameterListLength;
        if (descriptors > CopyLimits.DescriptorsMax * DescriptorBytes) return Sense.TooManyTargetDescriptors;
        if (segmentBytes > CopyLimits.SegmentsMax * SegmentBytes) return Sense.TooManySegmentDescriptors;

        int segmentsAt = HeaderBytes + descriptors;
        var ends = new List<LunSlot>();
        for (int at = HeaderBytes; at < segmentsAt; at += DescriptorBytes)
        {
            if (list[at] != Identification) return Sense.UnsupportedTargetDescriptor.AtParameterByte(at);
            if (segmentsAt - at < DescriptorBytes) return Sense.ParameterListLength;
            Sense sense = TryFind(list.Slice(at, DescriptorBytes), at, nexus, out LunSlot? slot);
            if (slot is null) return sense;
            ends.Add(slot);
        }

        for (int at = segmentsAt; at < segmentsAt + segmentBytes; at += SegmentBytes)
        {
            if (list[at] != BlockToBlock) return Sense.UnsupportedSegmentDescriptor.AtParameterByte(at);
            if (segmentsAt + segmentBytes - at < SegmentBytes) return Sense.ParameterListLength;
            Sense sense = TrySegment(list.Slice(at, SegmentBytes), at, ends, out CopySegment? segment);
            if (segment is null) return sense;
            if (segment.LengthBytes > 0) segments.Add(segment);
        }

        return Sense.None;
    }

    private static Sense TryFind(ReadOnlySpan<byte> descriptor, int at, ScsiNexus nexus, out LunSlot? slot)
    {
        slot = null;
        const byte nullDevice = 0x20, deviceType = 0x1F;
        if ((descriptor[1] & deviceType) != 0) return Sense.InvalidFieldInParameters.AtParameterByte(at + 1);
        if ((descriptor[1] & nullDevice) != 0) return Sense.CopyTargetNotReachable;
        int length = descriptor[7];
        if (length > 20) return Sense.InvalidFieldInParameters.AtParameterByte(at + 7);
        foreach (LunSlot? candidate in nexus.Slots)
        {
            if (candidate is null || !Names(candidate.Unit, descriptor[4], descriptor[5], descriptor.Slice(8, length))) continue;
            slot = candidate;
            break;
        }

        if (slot is null) return Sense.CopyTargetNotReachable;
        int blockBytes = (descriptor[29] << 16) | BinaryPrimitives.ReadUInt16BigEndian(descriptor[30..]);
        if (blockBytes == slot.Unit.Volume.Geometry.BlockSizeBytes) return Sense.None;
        slot = null;
        return Sense.InvalidFieldInParameters.AtParameterByte(at + 29);
    }

    /// <summary>One of the two designators of the device identification VPD page that name the logical unit.</summary>
    private static bool Names(LogicalUnit unit, byte codeSet, byte associationAndType, ReadOnlySpan<byte> designator)
    {
        const byte binary = 1, ascii = 2, naa = 3, t10 = 1;
        if ((codeSet & 0x0F) == binary && associationAndType == naa) return designator.SequenceEqual(unit.NaaBytes);
        if ((codeSet & 0x0F) != ascii || associationAndType != t10 || designator.Length < 8) return false;
        Span<byte> vendor = stackalloc byte[8];
        InquiryHandler.PadAscii(unit.Identity.Vendor, vendor);
        return designator[..8].SequenceEqual(vendor) && Encoding.ASCII.GetString(designator[8..]) == unit.Identity.SerialNumber;
    }

    private static Sense TrySegment(ReadOnlySpan<byte> bytes, int at, List<LunSlot> ends, out CopySegment? segment)
    {
        segment = null;
        const byte countsDestination = 0x02;
        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) != BlockToBlockLength) return Sense.InvalidFieldInParameters.AtParameterByte(at + 2);
        int source = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        int destination = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        if (source >= ends.Count || destination >= ends.Count) return Sense.UnreachableCopyTarget;
        (LunSlot from, LunSlot to) = (ends[source], ends[destination]);
        VolumeGeometry fromGeometry = from.Unit.Volume.Geometry, toGeometry = to.Unit.Volume.Geometry;
        bool byDestination = (bytes[1] & countsDestination) != 0;
        long length = BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]) * (long)(byDestination ? toGeometry : fromGeometry).BlockSizeBytes;
        if (length > CopyLimits.SegmentBytesMax) return Sense.InvalidFieldInParameters.AtParameterByte(at + 10);

        // Neither CAT nor PAD: a segment that leaves part of a block over is refused (SPC-4, table 126).
        if (length % fromGeometry.BlockSizeBytes != 0 || length % toGeometry.BlockSizeBytes != 0) return Sense.UnexpectedInexactSegment;
        var fromLba = new Lba(BinaryPrimitives.ReadUInt64BigEndian(bytes[12..]));
        var toLba = new Lba(BinaryPrimitives.ReadUInt64BigEndian(bytes[20..]));
        bool inside = fromGeometry.Contains(fromLba, new BlockCount((ulong)(length / fromGeometry.BlockSizeBytes)))
            && toGeometry.Contains(toLba, new BlockCount((ulong)(length / toGeometry.BlockSizeBytes)));
        if (!inside) return Sense.CopyAborted;
        segment = new CopySegment(from, fromLba, to, toLba, length);
        return Sense.None;
    }
}
