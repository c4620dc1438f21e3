using VSan.Scsi.Reservations;

namespace VSan.Scsi.Commands;

/// <summary>RESERVE (6) and RELEASE (6) (SPC-2, 7.21 and 7.23), of the whole logical unit only; without third parties, CRH is 0.</summary>
internal sealed class ReserveUnitHandler(ReservationAction action) : CommandHandler
{
    /// <inheritdoc/>
    public override void Begin(ScsiCommand command) => command.Change(new ReservationRequest(action, command.Nexus.Identity));
}
