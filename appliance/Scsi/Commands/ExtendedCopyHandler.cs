using VSan.Block;
using VSan.Scsi.Copy;
using VSan.Scsi.Reservations;

namespace VSan.Scsi.Commands;

/// <summary>
/// EXTENDED COPY (LID1) (SPC-4), between LUNs of one nexus: a chunk is read at the source and written at the destination, again and again.
/// A write passes the <see cref="WriteGate"/> of its destination and leaves it before the next read, so that a copy holds one gate at most, and
/// none while it waits: copies that cross each other cannot stop each other. Reservations and write protection count anew for each chunk.
/// </summary>
internal sealed class ExtendedCopyHandler : CommandHandler
{
    private const int Reading = 1, Writing = 2;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        uint length = command.CdbUInt32(10);
        if (length == 0) command.Good();
        else if (length is < CopyList.HeaderBytes or > CopyList.HeaderBytes + CopyLimits.ListBytesMax || command.ExpectedOut < length) command.Check(Sense.ParameterListLength);
        else command.RequestDataOut((int)length, BufferPool.PieceBytesMin + CopyLimits.ChunkBytesMax);
    }

    /// <inheritdoc/>
    public override void OnDataOut(ScsiCommand command)
    {
        ReadOnlySpan<byte> list = command.Data[..command.DataOutLength];
        List<CopySegment> segments = [];
        Sense sense = CopyList.TryParse(list, command.Nexus, segments);
        if (sense != Sense.None)
        {
            command.Check(sense);
            return;
        }

        CopyRecord? record = null;
        if (CopyList.Usage(list) != CopyList.NoRecord)
        {
            record = command.Nexus.Copies.TryAdd(list[0]);
            if (record is null)
            {
                command.Check(Sense.OperationInProgress);
                return;
            }
        }

        command.Copy = new CopyJob(segments, record);
        Next(command);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        CopyJob job = command.Copy!;
        if (command.Step == Reading)
        {
            Write(command, job);
            return;
        }

        command.LeaveGate();
        job.Advance();
        Next(command);
    }

    /// <inheritdoc/>
    public override Sense OnStopped(ScsiCommand command, Sense sense)
    {
        // What the device at an end said is in the failed segment's details only through the record (SPC-4).
        Sense failure = command.Copy is null ? Sense.ThirdPartyDeviceFailure : Fail(command);
        return sense == Sense.None ? sense : failure;
    }

    private static void Next(ScsiCommand command)
    {
        CopyJob job = command.Copy!;
        if (job.IsDone)
        {
            job.Record?.Complete();
            command.Copy = null;
            command.Good();
            return;
        }

        CopySegment segment = job.Segment;
        if (!MayUse(command, segment.Source, ReservationRule.Reads)) return;
        (Lba lba, BlockCount count) = job.Chunk(segment.Source, segment.SourceLba);
        command.Step = Reading;
        command.SubmitTo(segment.Source.Unit, BlockOperation.Read, lba, count, false, command.WorkOffset);
    }

    private static void Write(ScsiCommand command, CopyJob job)
    {
        CopySegment segment = job.Segment;
        if (!MayUse(command, segment.Destination, ReservationRule.Changes)) return;
        (Lba lba, BlockCount count) = job.Chunk(segment.Destination, segment.DestinationLba);
        command.Step = Writing;
        command.SubmitTo(segment.Destination.Unit, BlockOperation.Write, lba, count, !segment.Destination.Unit.WriteCache, command.WorkOffset);
    }

    private static bool MayUse(ScsiCommand command, LunSlot end, ReservationRule rule)
    {
        bool conflicts = end.Unit.Reservations.Held is { } held && end.Conflicts(held, rule);
        if (!conflicts && !(end.IsWriteProtected && rule == ReservationRule.Changes)) return true;
        command.Check(Fail(command));
        return false;
    }

    /// <summary>The number of the segment is in the third and fourth byte of the command-specific information (SPC-4).</summary>
    private static Sense Fail(ScsiCommand command)
    {
        CopyJob job = command.Copy!;
        Sense failure = Sense.ThirdPartyDeviceFailure with { CommandSpecific = (uint)job.SegmentNumber };
        job.Record?.Fail(failure);
        command.Copy = null;
        return failure;
    }
}
