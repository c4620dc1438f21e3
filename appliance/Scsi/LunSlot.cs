using VSan.Scsi.Reservations;

namespace VSan.Scsi;

/// <summary>A logical unit as one nexus sees it, and what that nexus has not been told yet.</summary>
internal sealed class LunSlot(LogicalUnit unit, bool readOnly, NexusIdentity nexus)
{
    private int _resetsSeen = unit.Resets;
    private ulong _blocksSeen = unit.Volume.Geometry.Blocks.Value;
    private ReservationState? _heldSeen;
    private ReservationStanding _standing;
    private int _sharedAttentions;

    public LogicalUnit Unit { get; } = unit;

    public bool ReadOnly { get; } = readOnly;

    /// <summary>By the configuration for this nexus, or by software for all.</summary>
    public bool IsWriteProtected => ReadOnly || Unit.Mode.SoftwareWriteProtect;

    public NexusIdentity Nexus { get; } = nexus;

    /// <summary>SAM-5, 5.14: a nexus that is new finds a power-on condition.</summary>
    public bool PowerOnPending { get; set; } = true;

    public bool LunsChangedPending { get; set; }

    /// <summary>A port of the target changed its asymmetric access state.</summary>
    public bool AccessStatePending { get; set; }

    public bool HasAttention =>
        PowerOnPending || LunsChangedPending || AccessStatePending || _resetsSeen != Unit.Resets || _blocksSeen != Unit.Volume.Geometry.Blocks.Value
        || Volatile.Read(ref _sharedAttentions) != 0;

    /// <summary>True when a command with this rule meets another's reservation. The standing is looked up once for each new state.</summary>
    public bool Conflicts(ReservationState held, ReservationRule rule)
    {
        if (!ReferenceEquals(held, _heldSeen)) (_heldSeen, _standing) = (held, held.StandingOf(Nexus));
        return held.Conflicts(rule, _standing);
    }

    /// <summary>Another nexus changed what this one should know of. Any thread.</summary>
    public void Raise(SharedAttentions what) => Interlocked.Or(ref _sharedAttentions, (int)what);

    /// <summary>Takes the condition that is reported first (SPC-4: resets before changes), and forgets it.</summary>
    public Sense TakeAttention()
    {
        int resets = Unit.Resets;
        if (_resetsSeen != resets)
        {
            _resetsSeen = resets;
            PowerOnPending = false;
            return Sense.ResetOccurred;
        }

        if (PowerOnPending)
        {
            PowerOnPending = false;
            return Sense.PowerOn;
        }

        if (LunsChangedPending)
        {
            LunsChangedPending = false;
            return Sense.LunsChanged;
        }

        if (AccessStatePending)
        {
            AccessStatePending = false;
            return Sense.AccessStateChanged;
        }

        if (Volatile.Read(ref _sharedAttentions) != 0) return TakeSharedAttention();
        ulong blocks = Unit.Volume.Geometry.Blocks.Value;
        if (_blocksSeen == blocks) return Sense.None;
        _blocksSeen = blocks;
        return Sense.CapacityChanged;
    }

    private Sense TakeSharedAttention()
    {
        var pending = (SharedAttentions)Volatile.Read(ref _sharedAttentions);
        (SharedAttentions taken, Sense sense) = pending switch
        {
            _ when (pending & SharedAttentions.ReservationsPreempted) != 0 => (SharedAttentions.ReservationsPreempted, Sense.ReservationsPreempted),
            _ when (pending & SharedAttentions.RegistrationsPreempted) != 0 => (SharedAttentions.RegistrationsPreempted, Sense.RegistrationsPreempted),
            _ when (pending & SharedAttentions.ReservationsReleased) != 0 => (SharedAttentions.ReservationsReleased, Sense.ReservationsReleased),
            _ when (pending & SharedAttentions.ModeParametersChanged) != 0 => (SharedAttentions.ModeParametersChanged, Sense.ModeParametersChanged),
            _ => (SharedAttentions.ThinThresholdReached, Sense.ThinThresholdReached),
        };
        Interlocked.And(ref _sharedAttentions, (int)~taken);
        return sense;
    }
}
