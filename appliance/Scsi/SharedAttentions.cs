namespace VSan.Scsi;

/// <summary>Unit attentions that one nexus causes at others (SPC-4, 5.12 and 5.14): 2Ah/01h and 2Ah/03h to 2Ah/05h. Bits, as several may wait.</summary>
[Flags]
internal enum SharedAttentions
{
    None = 0,
    ReservationsPreempted = 1,
    ReservationsReleased = 2,
    RegistrationsPreempted = 4,
    ModeParametersChanged = 8,
}
