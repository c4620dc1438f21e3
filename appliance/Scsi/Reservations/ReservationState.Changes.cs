namespace VSan.Scsi.Reservations;

/// <summary>The changes, each a pure step (SPC-4, "Reservations"; SPC-2 for RESERVE and RELEASE).</summary>
internal sealed partial record ReservationState
{
    /// <summary>What follows from a request.</summary>
    public ReservationOutcome Apply(ReservationRequest request) => request.Action switch
    {
        ReservationAction.Register => Register(request, ignoreKey: false),
        ReservationAction.RegisterAndIgnoreExistingKey => Register(request, ignoreKey: true),
        ReservationAction.ReserveUnit => ReserveUnit(request.Nexus),
        ReservationAction.ReleaseUnit => ReleaseUnit(request.Nexus),
        ReservationAction.LoseNexus => Done(ReservedBy == request.Nexus ? this with { ReservedBy = null } : this),
        ReservationAction.Reset => Done(ReservedBy is null ? this : this with { ReservedBy = null }),
        ReservationAction.Reserve => ByRegistrant(request, Reserve),
        ReservationAction.Release => ByRegistrant(request, Release),
        ReservationAction.Clear => ByRegistrant(request, Clear),
        ReservationAction.Preempt or ReservationAction.PreemptAndAbort => ByRegistrant(request, Preempt),
        ReservationAction.RegisterAndMove => ByRegistrant(request, Move),
    };

    /// <summary>Every action but the registering ones needs the sender's own key (SPC-4, PERSISTENT RESERVE OUT).</summary>
    private ReservationOutcome ByRegistrant(ReservationRequest request, Func<ReservationRequest, Registration, ReservationOutcome> step) =>
        Find(request.Nexus) is { } own && own.Key == request.Key ? step(request, own) : Conflict();

    // SPC-4, "Registering".
    private ReservationOutcome Register(ReservationRequest request, bool ignoreKey)
    {
        Registration? own = Find(request.Nexus);
        if (!ignoreKey && request.Key != (own?.Key ?? 0)) return Conflict();
        if (request.NamesOthers && own is not null) return Refuse(Sense.InvalidFieldInParameters.AtParameterByte(20));
        if (request.ServiceActionKey == 0) return own is null ? Done(this) : Unregister(own, request.Persist);

        // One that now covers all ports takes in what each port had.
        var added = new Registration(request.Nexus, request.ServiceActionKey, request.AllTargetPorts);
        List<Registration> next = [.. Registrations.Where(each => !ReferenceEquals(each, own) && !added.Covers(each.Nexus)), added];
        foreach (NexusIdentity other in request.Others)
        {
            // A registration that is there already stays as it is.
            if (!next.Exists(each => each.Covers(other))) next.Add(added with { Nexus = other });
        }

        if (next.Count > RegistrationsMax) return Refuse(Sense.InsufficientRegistrations);
        bool held = Holder is not null && (Holder == own?.Nexus || added.Covers(Holder));
        NexusIdentity? holder = held ? added.Nexus : Holder;
        return Done(this with { Registrations = next, Generation = Generation + 1, Holder = holder, Persists = request.Persist });
    }

    // SPC-4, "Unregistering". The last APTPL counts, that of a registration that ends too.
    private ReservationOutcome Unregister(Registration own, bool persist)
    {
        List<Registration> rest = [.. Registrations.Where(each => !ReferenceEquals(each, own))];
        bool released = Type.IsAllRegistrants() ? rest.Count == 0 : Type != ReservationType.None && Holds(own);
        ReservationState next = this with { Registrations = rest, Generation = Generation + 1, Persists = persist };
        if (released) next = next with { Type = ReservationType.None, Holder = null };
        return Done(next) with { Attentions = released && Type.AdmitsRegistrants() ? Tell(rest, SharedAttentions.ReservationsReleased) : [] };
    }

    // SPC-4, "Reserving".
    private ReservationOutcome Reserve(ReservationRequest request, Registration own)
    {
        if (Type == ReservationType.None)
            return Done(this with { Type = request.Type, Holder = request.Type.IsAllRegistrants() ? null : own.Nexus });
        return Holds(own) && Type == request.Type ? Done(this) : Conflict();
    }

    // SPC-4, "Releasing".
    private ReservationOutcome Release(ReservationRequest request, Registration own)
    {
        if (Type == ReservationType.None || !Holds(own)) return Done(this);
        if (Type != request.Type) return Refuse(Sense.InvalidRelease);
        IReadOnlyList<Telling> told =
            Type.AdmitsRegistrants() ? Tell(Registrations.Where(each => !ReferenceEquals(each, own)), SharedAttentions.ReservationsReleased) : [];
        return Done(this with { Type = ReservationType.None, Holder = null }) with { Attentions = told };
    }

    // SPC-4, "Clearing".
    private ReservationOutcome Clear(ReservationRequest request, Registration own)
    {
        IEnumerable<Registration> others = Registrations.Where(each => !ReferenceEquals(each, own));
        ReservationState next = this with { Registrations = [], Type = ReservationType.None, Holder = null, Generation = Generation + 1 };
        return Done(next) with { Attentions = Tell(others, SharedAttentions.ReservationsPreempted) };
    }

    // SPC-4, "Preempting".
    private ReservationOutcome Preempt(ReservationRequest request, Registration own)
    {
        ulong key = request.ServiceActionKey;
        bool allRegistrants = Type.IsAllRegistrants();
        bool preemptsReservation = allRegistrants ? key == 0 : Type != ReservationType.None && Registrations.First(Holds).Key == key;
        if (key == 0 && !allRegistrants && Type != ReservationType.None) return Refuse(Sense.InvalidFieldInParameters.AtParameterByte(8));

        // Whoever takes the reservation over keeps its own registration; whoever only removes registrations may remove its own.
        List<Registration> gone = preemptsReservation
            ? [.. Registrations.Where(each => !ReferenceEquals(each, own) && (allRegistrants || each.Key == key))]
            : [.. Registrations.Where(each => each.Key == key)];
        if (gone.Count == 0 && !preemptsReservation) return Conflict();

        List<Registration> rest = [.. Registrations.Except(gone, ReferenceEqualityComparer.Instance).Cast<Registration>()];
        ReservationState next = this with { Registrations = rest, Generation = Generation + 1 };
        List<Registration> others = [.. gone.Where(each => !ReferenceEquals(each, own))];
        List<Telling> told = [.. Tell(others, SharedAttentions.RegistrationsPreempted)];
        if (preemptsReservation)
        {
            next = next with { Type = request.Type, Holder = request.Type.IsAllRegistrants() ? null : own.Nexus };
            if (request.Type != Type) told.AddRange(Tell(rest.Where(each => !ReferenceEquals(each, own)), SharedAttentions.ReservationsReleased));
        }
        else if (allRegistrants && rest.Count == 0)
        {
            next = next with { Type = ReservationType.None };
        }

        bool aborts = request.Action == ReservationAction.PreemptAndAbort;
        return Done(next) with { Attentions = told, Preempted = aborts ? others : [] };
    }

    // SPC-4, "Registering and moving the reservation".
    private ReservationOutcome Move(ReservationRequest request, Registration own)
    {
        if (Type == ReservationType.None || Type.IsAllRegistrants() || !Holds(own)) return Conflict();
        NexusIdentity to = request.Others[0];
        if (own.Covers(to)) return Refuse(Sense.InvalidFieldInParameters.AtParameterByte(24));
        if (request.ServiceActionKey == 0) return Refuse(Sense.InvalidFieldInParameters.AtParameterByte(8));
        Registration? old = Find(to);
        Registration moved = old is null ? new Registration(to, request.ServiceActionKey, false) : old with { Key = request.ServiceActionKey };
        List<Registration> next = [.. Registrations.Where(each => !ReferenceEquals(each, old) && !(request.Unregister && ReferenceEquals(each, own))), moved];
        if (next.Count > RegistrationsMax) return Refuse(Sense.InsufficientRegistrations);
        return Done(this with { Registrations = next, Generation = Generation + 1, Holder = moved.Nexus, Persists = request.Persist });
    }

    private ReservationOutcome ReserveUnit(NexusIdentity nexus)
    {
        if (Registrations.Count > 0 || (ReservedBy is not null && ReservedBy != nexus)) return Conflict();
        return Done(ReservedBy is null ? this with { ReservedBy = nexus } : this);
    }

    private ReservationOutcome ReleaseUnit(NexusIdentity nexus)
    {
        if (Registrations.Count > 0) return Conflict();
        return Done(ReservedBy == nexus ? this with { ReservedBy = null } : this);
    }

    private static ReservationOutcome Done(ReservationState next) => new(next, ScsiStatus.Good, Sense.None);

    private ReservationOutcome Conflict() => new(this, ScsiStatus.ReservationConflict, Sense.None);

    private ReservationOutcome Refuse(Sense sense) => new(this, ScsiStatus.CheckCondition, sense);

    private static IReadOnlyList<Telling> Tell(IEnumerable<Registration> whom, SharedAttentions what) =>
        [.. whom.Select(each => new Telling(each, what))];
}
