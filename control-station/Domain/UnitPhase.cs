namespace VSan.Station.Domain;

/// <summary>How far a unit has come, as it is stored. Whether it is within reach is found, not stored.</summary>
public enum UnitPhase
{
    /// <summary>Waits for a person.</summary>
    Pending,

    /// <summary>Admitted; not yet asked what it can serve, or not yet serving its configuration.</summary>
    Joining,

    /// <summary>In the pool.</summary>
    Ready,

    /// <summary>In the pool, and being emptied: nothing new is placed on it.</summary>
    Draining,

    /// <summary>In the pool, and empty: nothing is lost by stopping it, and nothing new is placed on it.</summary>
    Drained,

    /// <summary>Out of service for good, and empty; its name and history are kept, its certificate opens nothing.</summary>
    Retired,

    /// <summary>Set aside because the same identity was alive twice; its certificate opens nothing until a person approves it again.</summary>
    Quarantined,
}

/// <summary>What moves a unit from one phase to the next.</summary>
public enum UnitStep
{
    /// <summary>A person lets it in.</summary>
    Approve,

    /// <summary>It serves its configuration.</summary>
    Serve,

    /// <summary>A person wants it empty.</summary>
    Drain,

    /// <summary>A person takes it into service again.</summary>
    Uncordon,

    /// <summary>A person takes it out of service.</summary>
    Retire,

    /// <summary>Its identity was alive twice.</summary>
    Quarantine,
}

/// <summary>
/// The life of a unit, as a table:
/// <code>
///  Pending ──approve──► Joining ──serve──► Ready ──drain──► Draining ──its last leg is away──► Drained ──retire──► Retired
///                        ▲   ▲               ▲──uncordon───────┴───────────────────────────────────┘                 │
///                        │   └──approve── Quarantined ◄── from any admitted phase                                    │
///                        └──────────────approve──────────────────────────────────────────────────────────────────────┘
/// </code>
/// Forgetting is no phase: it removes the unit and leaves a <see cref="UnitTombstone"/>.
/// </summary>
public static class UnitLife
{
    /// <summary>The phase after a step; the same one when the step changes nothing; null when the step is not for this phase.</summary>
    public static UnitPhase? Next(UnitPhase phase, UnitStep step) => step switch
    {
        UnitStep.Approve => phase is UnitPhase.Pending or UnitPhase.Quarantined or UnitPhase.Retired ? UnitPhase.Joining : null,
        UnitStep.Serve => phase == UnitPhase.Joining ? UnitPhase.Ready : null,
        UnitStep.Drain => phase is UnitPhase.Ready or UnitPhase.Draining or UnitPhase.Drained ? UnitPhase.Draining : null,
        UnitStep.Uncordon => phase is UnitPhase.Draining or UnitPhase.Drained ? UnitPhase.Ready : phase,
        UnitStep.Retire => phase == UnitPhase.Pending ? null : UnitPhase.Retired,
        UnitStep.Quarantine => phase is UnitPhase.Joining or UnitPhase.Ready or UnitPhase.Draining or UnitPhase.Drained ? UnitPhase.Quarantined : null,
    };
}
