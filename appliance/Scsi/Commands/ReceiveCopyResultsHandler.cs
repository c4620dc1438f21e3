using System.Buffers.Binary;
using VSan.Scsi.Copy;

namespace VSan.Scsi.Commands;

/// <summary>
/// RECEIVE COPY STATUS, OPERATING PARAMETERS and FAILURE DETAILS (LID1) (SPC-4), of copies of the same nexus. RECEIVE COPY DATA
/// is not there, as no copy holds data for the initiator.
/// <code>
///   status:      0  length of the rest (4)    4  status    5  segments processed (2)    7  unit of the count, 00h bytes    8  count (4)
///   parameters:  0  length of the rest (4)    8  CSCDs (2)   10  segments (2)   12  list bytes (4)   16  segment bytes (4)
///               34  copies of the server (2)   36  copies   37  granularity, a power of 2   43  codes that follow, and how many
///   failure:     0  length of the rest (4)   56  status   58  sense bytes (2)   60  sense data
/// </code>
/// </summary>
internal sealed class ReceiveCopyResultsHandler : DataInHandler
{
    private const int CopyStatusAction = 0x00, OperatingParametersAction = 0x03;

    /// <summary>Bytes of the longest that is fixed, before codes and sense.</summary>
    private const int StatusBytes = 12, ParameterBytes = 44, FailureBytes = 60;

    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt32(10);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        int action = command.Cdb[1] & 0x1F;
        if (action == OperatingParametersAction) return FillParameters(page);
        CopyRecord? record = command.Nexus.Copies.Find(command.Cdb[2]);
        bool isThere = record is not null && (action == CopyStatusAction || record.Status == CopyStatus.Failed);
        if (!isThere) return Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(2));
        return action == CopyStatusAction ? FillStatus(record!, page) : FillFailure(record!, command.Unit!.Mode.DescriptorSense, page);
    }

    private static int FillStatus(CopyRecord record, Span<byte> page)
    {
        BinaryPrimitives.WriteUInt32BigEndian(page, StatusBytes - 4);
        page[4] = (byte)record.Status;
        BinaryPrimitives.WriteUInt16BigEndian(page[5..], record.SegmentsProcessed);
        BinaryPrimitives.WriteUInt32BigEndian(page[8..], record.TransferredBytes);
        return StatusBytes;
    }

    private static int FillParameters(Span<byte> page)
    {
        ReadOnlySpan<byte> codes = [CopyList.BlockToBlock, CopyList.Identification];
        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)(ParameterBytes + codes.Length - 4));
        BinaryPrimitives.WriteUInt16BigEndian(page[8..], CopyLimits.DescriptorsMax);
        BinaryPrimitives.WriteUInt16BigEndian(page[10..], CopyLimits.SegmentsMax);
        BinaryPrimitives.WriteUInt32BigEndian(page[12..], CopyLimits.ListBytesMax);
        BinaryPrimitives.WriteUInt32BigEndian(page[16..], CopyLimits.SegmentBytesMax);
        BinaryPrimitives.WriteUInt16BigEndian(page[34..], CopyLimits.RecordsMax);
        page[36] = CopyLimits.RecordsMax;
        page[37] = 9;
        page[43] = (byte)codes.Length;
        codes.CopyTo(page[ParameterBytes..]);
        return ParameterBytes + codes.Length;
    }

    private static int FillFailure(CopyRecord record, bool descriptors, Span<byte> page)
    {
        int sense = record.Failure.Format(page[FailureBytes..], descriptors);
        page[56] = (byte)ScsiStatus.CheckCondition;
        BinaryPrimitives.WriteUInt16BigEndian(page[58..], (ushort)sense);
        BinaryPrimitives.WriteUInt32BigEndian(page, (uint)(FailureBytes + sense - 4));
        return FailureBytes + sense;
    }
}
