namespace VSan.Scsi;

/// <summary>Unit attentions that do not come from the nexus itself (SPC-4): 2Ah/01h, 2Ah/03h to 2Ah/05h, 38h/07h. Bits, as several may wait.</summary>
[Flags]
internal enum SharedAttentions
{
    None = 0,
    ReservationsPreempted = 1,
    ReservationsReleased = 2,
    RegistrationsPreempted = 4,
    ModeParametersChanged = 8,
    ThinThresholdReached = 16,
}
