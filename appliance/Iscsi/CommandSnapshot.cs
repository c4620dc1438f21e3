using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>A command that is not answered, for people to look at.</summary>
/// <param name="InitiatorName">Who sent it.</param>
/// <param name="Tsih">In which session.</param>
/// <param name="Tag">Initiator task tag.</param>
/// <param name="Lun">Number of the logical unit, as the initiator has it; -1 for a field that is no single-level LUN.</param>
/// <param name="Unit">The logical unit; null where there is none.</param>
/// <param name="Name">The standard's name of the command.</param>
/// <param name="Phase">What it waits for: <c>buffer</c>, <c>data</c>, <c>gate</c>, <c>volume</c> or <c>answer</c>.</param>
/// <param name="Age">Since its first byte was seen.</param>
/// <param name="OutstandingR2T">R2Ts that the initiator has not met.</param>
public sealed record CommandSnapshot(
    string InitiatorName,
    ushort Tsih,
    uint Tag,
    int Lun,
    LogicalUnit? Unit,
    string Name,
    string Phase,
    TimeSpan Age,
    int OutstandingR2T);
