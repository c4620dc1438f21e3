namespace VSan.Scsi.Reservations;

/// <summary>How a command stands to a reservation of another nexus (SPC-4, table 66; SBC-3, table 14): a property of the command.</summary>
internal enum ReservationRule
{
    /// <summary>Changes something: conflicts with every reservation.</summary>
    Changes,

    /// <summary>Reads: conflicts with exclusive access, and with RESERVE.</summary>
    Reads,

    /// <summary>TEST UNIT READY: no persistent reservation is in its way, RESERVE is (SPC-2, 5.5.1).</summary>
    UnlessReserved,

    /// <summary>Never conflicts.</summary>
    Always,

    /// <summary>PREVENT ALLOW MEDIUM REMOVAL: changes when it prevents, never conflicts when it allows.</summary>
    ChangesWhenPreventing,

    /// <summary>START STOP UNIT: changes unless it starts the unit, which never conflicts.</summary>
    ChangesUnlessStarting,

    /// <summary>PERSISTENT RESERVE IN and OUT: their own rules for persistent reservations; RESERVE bars them for everybody (SPC-2, 5.5.1).</summary>
    Persistent,
}

/// <summary>What a nexus is to the reservation.</summary>
internal enum ReservationStanding
{
    /// <summary>Neither registered nor a holder.</summary>
    None,

    /// <summary>Registered.</summary>
    Registered,

    /// <summary>The holder, or one of them.</summary>
    Holder,
}
