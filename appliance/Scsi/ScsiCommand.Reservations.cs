using VSan.Scsi.Reservations;

namespace VSan.Scsi;

/// <summary>Changes of reservations, which may have to wait for each other, for the disk, and for the commands that they end.</summary>
public sealed partial class ScsiCommand
{
    /// <summary>Asks for a change and ends with its outcome.</summary>
    internal void Change(ReservationRequest request)
    {
        State = CommandState.Executing;
        Slot!.Unit.Reservations.Submit(request, outcome => _ring.Post(() => OnReservationChanged(outcome)));
    }

    private void OnReservationChanged(ReservationOutcome outcome)
    {
        if (outcome.Preempted.Count == 0)
        {
            EndWith(outcome);
            return;
        }

        // The new state is shown already: what arrives from now on is refused, what arrived before is found and waited for.
        _ring.AbortCommands(
            Slot!.Unit, nexus => outcome.Preempted.Any(registration => registration.Covers(nexus.Identity)), () => EndWith(outcome));
    }

    private void EndWith(ReservationOutcome outcome)
    {
        if (_aborted || _withdrawn) EndEarly();
        else if (outcome.Status == ScsiStatus.CheckCondition) Check(outcome.Sense);
        else End(outcome.Status);
    }
}
