namespace VSan.Scsi.Reservations;

/// <summary>Types of a persistent reservation (SPC-4, 6.15.3.4), by their codes.</summary>
internal enum ReservationType : byte
{
    None = 0,
    WriteExclusive = 1,
    ExclusiveAccess = 3,
    WriteExclusiveRegistrantsOnly = 5,
    ExclusiveAccessRegistrantsOnly = 6,
    WriteExclusiveAllRegistrants = 7,
    ExclusiveAccessAllRegistrants = 8,
}

/// <summary>What follows from a type.</summary>
internal static class ReservationTypes
{
    /// <summary>True for the six codes; <see cref="ReservationType.None"/> is the absence of a reservation.</summary>
    public static bool IsValid(this ReservationType type) => type is ReservationType.WriteExclusive or ReservationType.ExclusiveAccess
        or ReservationType.WriteExclusiveRegistrantsOnly or ReservationType.ExclusiveAccessRegistrantsOnly
        or ReservationType.WriteExclusiveAllRegistrants or ReservationType.ExclusiveAccessAllRegistrants;

    /// <summary>Every registrant is a holder.</summary>
    public static bool IsAllRegistrants(this ReservationType type) =>
        type is ReservationType.WriteExclusiveAllRegistrants or ReservationType.ExclusiveAccessAllRegistrants;

    /// <summary>Every registrant may read and write: registrants only, and all registrants.</summary>
    public static bool AdmitsRegistrants(this ReservationType type) =>
        type is ReservationType.WriteExclusiveRegistrantsOnly or ReservationType.ExclusiveAccessRegistrantsOnly || type.IsAllRegistrants();

    /// <summary>Nobody else may even read.</summary>
    public static bool IsExclusiveAccess(this ReservationType type) => type is ReservationType.ExclusiveAccess
        or ReservationType.ExclusiveAccessRegistrantsOnly or ReservationType.ExclusiveAccessAllRegistrants;
}
