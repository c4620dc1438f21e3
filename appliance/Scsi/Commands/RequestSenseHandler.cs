namespace VSan.Scsi.Commands;

/// <summary>REQUEST SENSE (SPC-4): sense of earlier commands went with their status, so only unit attentions are left to tell,
/// and what keeps the logical unit from being ready: a SANITIZE under way, the access state of the port.</summary>
internal sealed class RequestSenseHandler : DataInHandler
{
    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.Cdb[4];

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        Sense sense = command.Slot switch
        {
            null => Sense.LunNotSupported,
            { HasAttention: true } slot => slot.TakeAttention(),
            { Unit.Sanitize: SanitizeState.InProgress } => Sense.SanitizeInProgress,
            _ => Sense.Of(command.Nexus.AccessState),
        };
        return sense.Format(page, descriptors: (command.Cdb[1] & 0x01) != 0);
    }
}
