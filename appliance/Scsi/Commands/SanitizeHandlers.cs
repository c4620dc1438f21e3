using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// SANITIZE, BLOCK ERASE (SBC-3, 5.30): all blocks are unmapped in one request, behind the <see cref="WriteGate"/>. Offered only where that leaves
/// nothing of the data behind. IMMED waits as well, so that GOOD means erased.
/// </summary>
internal sealed class SanitizeBlockEraseHandler : CommandHandler
{
    private const byte AllowUnrestrictedExit = 0x20;

    /// <inheritdoc/>
    public override bool IsOffered(VolumeGeometry geometry) => geometry.UnmapErases;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        if (command.CdbUInt16(7) != 0) command.Check(Sense.InvalidFieldInCdb.AtCdbByte(7));
        else if (!command.Slot!.Unit.TryBeginSanitize()) command.Check(Sense.SanitizeInProgress);
        else command.Submit(BlockOperation.Unmap, default, command.Geometry.Blocks);
    }

    /// <inheritdoc/>
    public override void OnBlockCompleted(ScsiCommand command)
    {
        command.Slot!.Unit.EndSanitize(SanitizeState.None);
        command.Good();
    }

    /// <inheritdoc/>
    public override Sense OnStopped(ScsiCommand command, Sense sense)
    {
        bool mayExit = (command.Cdb[1] & AllowUnrestrictedExit) != 0;
        SanitizeState failed = mayExit ? SanitizeState.FailedMayExit : SanitizeState.Failed;
        command.Slot!.Unit.EndSanitize(command.LastStatus == BlockStatus.Success ? SanitizeState.None : failed);
        return sense == Sense.None ? sense : Sense.SanitizeFailed;
    }
}

/// <summary>SANITIZE, EXIT FAILURE MODE (SBC-3, 5.30): out of a failure that AUSE let the initiator leave.</summary>
internal sealed class SanitizeExitFailureModeHandler : CommandHandler
{
    /// <inheritdoc/>
    public override bool IsOffered(VolumeGeometry geometry) => geometry.UnmapErases;

    /// <inheritdoc/>
    public override void Begin(ScsiCommand command)
    {
        LogicalUnit unit = command.Slot!.Unit;
        if (command.CdbUInt16(7) != 0)
        {
            command.Check(Sense.InvalidFieldInCdb.AtCdbByte(7));
        }
        else if (unit.Sanitize == SanitizeState.Failed)
        {
            command.Check(Sense.SanitizeFailed);
        }
        else
        {
            unit.EndSanitize(SanitizeState.None);
            command.Good();
        }
    }
}
