namespace VSan.Scsi;

/// <summary>Status codes (SAM-5, 5.3.1).</summary>
public enum ScsiStatus : byte
{
    /// <summary>The command ended well.</summary>
    Good = 0x00,

    /// <summary>Sense data says why it did not.</summary>
    CheckCondition = 0x02,

    /// <summary>Try again.</summary>
    Busy = 0x08,

    /// <summary>Another initiator holds a reservation.</summary>
    ReservationConflict = 0x18,

    /// <summary>No room for the command.</summary>
    TaskSetFull = 0x28,

    /// <summary>Ended by another nexus, where TAS asks for it.</summary>
    TaskAborted = 0x40,
}
