namespace VSan.Scsi.Reservations;

/// <summary>
/// The reservations of one logical unit, shared by all rings and sessions, and the changes that wait for each other. Any thread.
/// <code>
///   Idle ──change──► Changing ──needs no disk, or durable──► the new state is shown, the answer given ──next one waits──► Changing
///                        │                                                                          └──none──► Idle
///                        └──the disk failed──► the old state stays, HARDWARE ERROR
/// </code>
/// </summary>
/// <remarks>
/// A command of the data path reads one reference: null while nothing is reserved. The lock is for changes and for logins. Changes allocate;
/// they are rare. Waiting changes are bounded by the commands of the server.
/// </remarks>
public sealed class ReservationTable
{
    private readonly Lock _lock = new();
    private readonly IReservationStore? _store;
    private readonly Queue<(ReservationRequest Request, Action<ReservationOutcome> Done)> _waiting = new();
    private readonly List<LunSlot> _slots = [];
    private ReservationState _state;
    private ReservationState? _held;
    private bool _changing;

    private ReservationTable(IReservationStore? store, ReservationState state)
    {
        (_store, _state) = (store, state);
        _held = state.IsHeld ? state : null;
    }

    /// <summary>Starts with nothing reserved.</summary>
    /// <param name="store">Where APTPL keeps it; null: nothing outlives the process, and REPORT CAPABILITIES says so.</param>
    public ReservationTable(IReservationStore? store = null)
        : this(store, ReservationState.Empty)
    {
    }

    /// <summary>PTPL_C: the store makes reservations outlive a loss of power.</summary>
    internal bool CanPersist => _store is not null;

    /// <summary>The state now.</summary>
    internal ReservationState State => Volatile.Read(ref _state);

    /// <summary>The state while something is reserved, else null.</summary>
    internal ReservationState? Held => Volatile.Read(ref _held);

    /// <summary>Starts with what was kept.</summary>
    /// <returns>Null when <paramref name="image"/> is damaged: the logical unit must not be served as if nobody held it.</returns>
    public static ReservationTable? TryRestore(IReservationStore store, ReadOnlySpan<byte> image) =>
        ReservationImage.TryParse(image) is { } state ? new ReservationTable(store, state) : null;

    /// <summary>Asks for a change.</summary>
    /// <param name="request">Which.</param>
    /// <param name="done">Called once when the outcome counts and, with APTPL, is durable; possibly from inside, on any thread.</param>
    internal void Submit(ReservationRequest request, Action<ReservationOutcome> done)
    {
        lock (_lock)
        {
            _waiting.Enqueue((request, done));
            if (_changing) return;
            _changing = true;
        }

        ChangeNext();
    }

    /// <summary>Shows <paramref name="slot"/> the attentions of its nexus.</summary>
    internal void Attach(LunSlot slot)
    {
        lock (_lock) _slots.Add(slot);
    }

    /// <summary>The nexus does not see the logical unit any more, or by another slot; one that is lost loses what RESERVE gave it.</summary>
    internal void Detach(LunSlot slot, bool isLost)
    {
        lock (_lock) _slots.Remove(slot);
        if (isLost) Submit(new ReservationRequest(ReservationAction.LoseNexus, slot.Nexus), static _ => { });
    }

    /// <summary>Tells every nexus but the one that did it; null: nobody did.</summary>
    internal void Tell(SharedAttentions what, LunSlot? by)
    {
        lock (_lock)
        {
            foreach (LunSlot slot in _slots)
            {
                if (!ReferenceEquals(slot, by)) slot.Raise(what);
            }
        }
    }

    // One thread at a time is here: the one that set _changing, or the one that the store called.
    private void ChangeNext()
    {
        while (true)
        {
            (ReservationRequest Request, Action<ReservationOutcome> Done) next;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _changing = false;
                    return;
                }
            }

            ReservationOutcome outcome = _state.Apply(next.Request);
            if (_store is null || !NeedsStore(_state, outcome.State))
            {
                Show(outcome);
                next.Done(outcome);
                continue;
            }

            _store.Save(outcome.State.Persists ? ReservationImage.Format(outcome.State) : default, durable =>
            {
                if (durable) Show(outcome);
                next.Done(durable ? outcome : new ReservationOutcome(_state, ScsiStatus.CheckCondition, Sense.InternalTargetFailure));
                ChangeNext();
            });
            return;
        }
    }

    private static bool NeedsStore(ReservationState before, ReservationState after) =>
        !ReferenceEquals(before, after) && before.ReservedBy == after.ReservedBy && (before.Persists || after.Persists);

    private void Show(ReservationOutcome outcome)
    {
        lock (_lock)
        {
            Volatile.Write(ref _state, outcome.State);
            Volatile.Write(ref _held, outcome.State.IsHeld ? outcome.State : null);
            foreach ((Registration to, SharedAttentions what) in outcome.Attentions)
            {
                foreach (LunSlot slot in _slots)
                {
                    if (to.Covers(slot.Nexus)) slot.Raise(what);
                }
            }
        }
    }
}
