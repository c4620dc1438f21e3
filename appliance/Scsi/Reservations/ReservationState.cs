namespace VSan.Scsi.Reservations;

/// <summary>
/// Registrations and reservation of one logical unit at one moment. Immutable: a change makes a new one, which the
/// <see cref="ReservationTable"/> shows to every ring at once.
/// </summary>
internal sealed partial record ReservationState
{
    /// <summary>
    /// Registrants of one logical unit: 64 hosts of 4 paths. At about 600 bytes each 150 KiB; one past it gets INSUFFICIENT REGISTRATION RESOURCES.
    /// </summary>
    public const int RegistrationsMax = 256;

    /// <summary>Nobody is registered, nothing is reserved.</summary>
    public static readonly ReservationState Empty = new();

    /// <summary>PRGENERATION: counts changes of the registrations since the start (SPC-4, 6.15.2).</summary>
    public uint Generation { get; init; }

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<Registration> Registrations { get; init; } = [];

    /// <summary>Type of the persistent reservation.</summary>
    public ReservationType Type { get; init; }

    /// <summary>Its holder; null without one, and where all registrants are.</summary>
    public NexusIdentity? Holder { get; init; }

    /// <summary>APTPL: all of it is to outlive a loss of power.</summary>
    public bool Persists { get; init; }

    /// <summary>The nexus that holds the logical unit by RESERVE (6), or null.</summary>
    public NexusIdentity? ReservedBy { get; init; }

    /// <summary>True when some nexus may be refused a command.</summary>
    public bool IsHeld => Type != ReservationType.None || ReservedBy is not null;

    /// <summary>The registration of a nexus, or null.</summary>
    public Registration? Find(NexusIdentity nexus)
    {
        foreach (Registration registration in Registrations)
        {
            if (registration.Covers(nexus)) return registration;
        }

        return null;
    }

    /// <summary>True when this registrant holds the persistent reservation.</summary>
    public bool Holds(Registration registration) =>
        Type.IsAllRegistrants() || (Holder is not null && Holder == registration.Nexus);

    /// <summary>What a nexus is to this state; searched once for each state and nexus, not for each command.</summary>
    public ReservationStanding StandingOf(NexusIdentity nexus)
    {
        if (ReservedBy is not null) return ReservedBy == nexus ? ReservationStanding.Holder : ReservationStanding.None;
        if (Find(nexus) is not { } registration) return ReservationStanding.None;
        return Holds(registration) ? ReservationStanding.Holder : ReservationStanding.Registered;
    }

    /// <summary>True when a command of a nexus with this standing ends in RESERVATION CONFLICT.</summary>
    public bool Conflicts(ReservationRule rule, ReservationStanding standing)
    {
        if (ReservedBy is not null) return rule == ReservationRule.Persistent || (standing != ReservationStanding.Holder && rule != ReservationRule.Always);
        if (Type == ReservationType.None || standing == ReservationStanding.Holder) return false;
        if (standing == ReservationStanding.Registered && Type.AdmitsRegistrants()) return false;
        return rule == ReservationRule.Changes || (rule == ReservationRule.Reads && Type.IsExclusiveAccess());
    }
}
