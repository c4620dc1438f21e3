using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;
using Api = VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Stored records as the API shows them, joined with what was found of the units.</summary>
internal sealed class Views(UnitPresence presence, UnitReconcilers reconcilers, IUnitLinks links)
{
    /// <summary>What a person does about a unit that knows more than the station.</summary>
    public const string AheadAction = "Restore the station's newest backup; without one, take over what the unit has: 'vsan station import-from-units'.";

    /// <summary>What has happened with a unit that knows more than the station.</summary>
    public static string AheadMessage(Domain.Unit unit) =>
        $"{unit.Name} has a newer configuration or more legs than the station knows: the station was probably restored from an older backup. Its volumes are served on and nothing on it is changed.";

    /// <summary>A unit.</summary>
    public Api.Unit Unit(IStationTransaction transaction, Domain.Unit unit)
    {
        Sighting? sighting = presence.LastSighting(unit.Id);
        UnitReport? report = sighting?.Report;
        Api.Store[] stores = [.. transaction.Table<Domain.Store>().Where(Lookups.StoreUnit, unit.Id.ToString()).Select(store => Store(store, report))];
        return new Api.Unit(
            unit.Id, unit.Name, State(unit), unit.ShortCode, unit.Addresses, unit.Portals, stores,
            stores.Sum(store => store.CapacityBytes), stores.Sum(store => store.FreeBytes), stores.Sum(store => store.PromisedBytes),
            unit.WantedGeneration, report?.Status.AppliedGeneration ?? 0, report?.Sessions ?? 0, unit.ImageVersion,
            Conditions(unit, report), unit.EnrolledAt, sighting?.At, unit.JoinMilliseconds, unit.Labels, unit.Cordoned)
        {
            Weight = unit.Weight,
            StandsInFor = unit.StandsInFor,
        };
    }

    /// <summary>Where a unit stands: what is stored, then what was found.</summary>
    public UnitState State(Domain.Unit unit) => unit.Phase switch
    {
        UnitPhase.Pending => UnitState.Pending,
        UnitPhase.Joining => UnitState.Joining,
        UnitPhase.Retired => UnitState.Retired,
        UnitPhase.Quarantined => UnitState.Quarantined,
        UnitPhase.Ready or UnitPhase.Draining or UnitPhase.Drained => presence.Of(unit.Id) switch
        {
            Presence.Present => unit.Phase == UnitPhase.Draining ? UnitState.Draining : unit.Phase == UnitPhase.Drained ? UnitState.Drained : UnitState.Ready,
            Presence.Suspect => UnitState.Suspect,
            Presence.Unreachable => UnitState.Unreachable,
        },
    };

    /// <summary>Why a unit is not as it should be, for a person; null when it is ready and in step with the station.</summary>
    public string? Trouble(Domain.Unit unit) => State(unit) is var state and not UnitState.Ready ? $"{unit.Name} is {state.ToString().ToLowerInvariant()}"
        : reconcilers.ProgressOf(unit.Id).IsAhead ? $"{unit.Name} knows more than the station"
        : null;

    /// <summary>True while the unit's connection stands.</summary>
    public bool IsLinked(Guid unitId) => links.IsConnected(unitId);

    /// <summary>Sessions of hosts on a unit, as last reported.</summary>
    public int Sessions(Guid unitId) => presence.LastSighting(unitId)?.Report?.Sessions ?? 0;

    /// <summary>What a store can take now: as reported, else as at the last enquiry.</summary>
    public long FreeBytes(Domain.Store store) => Store(store, presence.LastSighting(store.UnitId)?.Report).FreeBytes;

    /// <summary>A volume with its legs and mappings.</summary>
    public Api.Volume Volume(IStationTransaction transaction, Domain.Volume volume)
    {
        string key = volume.Id.ToString();
        Api.Leg[] legs = [.. transaction.LegsOf(volume.Id).Select(leg => Leg(transaction, leg))];
        Api.Mapping[] mappings = [.. transaction.Table<Domain.Mapping>().Where(Lookups.MappingVolume, key).Select(mapping => Mapping(transaction, mapping))];
        Api.VolumeState state = volume.State switch
        {
            Domain.VolumeState.Creating => Api.VolumeState.Creating,
            Domain.VolumeState.Ready => legs.All(leg => leg.Reachable) ? Api.VolumeState.Ready : Api.VolumeState.Degraded,
            Domain.VolumeState.Trashed => Api.VolumeState.Trashed,
            Domain.VolumeState.Deleting => Api.VolumeState.Deleting,
        };
        return new Api.Volume(
            volume.Id, volume.Name, volume.SizeBytes, volume.BlockSizeBytes, volume.Thin, volume.Layout.ToString(), state, legs, mappings, volume.CreatedAt)
        {
            ProjectId = volume.ProjectId,
            ProjectName = transaction.Project(volume.ProjectId).Name,
            Owner = volume.Owner,
            PolicyId = volume.PolicyId,
            Limits = Limits(volume.Limits),
            PurgeAt = volume.PurgeAt,
            PolicyName = volume.PolicyId is { } policyId ? transaction.Table<Domain.Policy>().Find(policyId)?.Name : null,
            PromisedBytes = legs.Sum(leg => leg.SizeBytes),
            AllocatedBytes = legs.All(leg => leg.AllocatedBytes is not null) ? legs.Sum(leg => leg.AllocatedBytes ?? 0) : null,
        };
    }

    /// <summary>A mapping.</summary>
    public static Api.Mapping Mapping(IStationTransaction transaction, Domain.Mapping mapping)
    {
        Api.MappingState state = mapping.State switch
        {
            Domain.MappingState.Pending => Api.MappingState.Pending,
            Domain.MappingState.Active => Api.MappingState.Active,
            Domain.MappingState.Removing => Api.MappingState.Removing,
        };
        return new Api.Mapping(
            mapping.Id,
            mapping.VolumeId,
            transaction.Require<Domain.Volume>(mapping.VolumeId, "volume").Name,
            mapping.HostId,
            transaction.Require<Domain.Host>(mapping.HostId, "host").Name,
            mapping.ReadOnly,
            state,
            [.. transaction.LegsOf(mapping).Select(leg => MappedLeg(transaction, leg.Leg, leg.Mapped))])
        {
            Incoming = LegReplacements.IncomingOf(transaction, mapping) is { } incoming ? MappedLeg(transaction, incoming.Leg, incoming.Mapped) : null,
        };
    }

    /// <summary>A host.</summary>
    public static Api.Host Host(IStationTransaction transaction, Domain.Host host) => new(
        host.Id, host.Name, host.InitiatorName, transaction.Table<Domain.Mapping>().CountWhere(Lookups.MappingHost, host.Id.ToString()), host.CreatedAt)
    {
        EnrolledAt = transaction.Table<Domain.HostMember>().Where(Lookups.HostMemberHost, host.Id.ToString()) is [Domain.HostMember member] ? member.EnrolledAt : null,
    };

    /// <summary>A token.</summary>
    public static Api.Token Token(Domain.Token token) =>
        new(token.Code, token.AutoApprove, token.UsesMax, token.UsesLeft, token.CreatedAt, token.ExpiresAt, token.CreatedBy, token.Labels)
        {
            Kind = token.ForHosts ? MemberKind.Host : MemberKind.Unit,
            HostId = token.HostId,
        };

    /// <summary>Limits.</summary>
    public static Api.Limits? Limits(Domain.VolumeLimits? limits) => limits is null ? null : new(limits.MaxIops, limits.MaxBytesPerSecond, limits.BurstSeconds);

    private static Api.MappedLeg MappedLeg(IStationTransaction transaction, Domain.Leg leg, Domain.MappedLeg mapped)
    {
        Domain.Unit unit = transaction.Require<Domain.Unit>(leg.UnitId, "unit");
        return new Api.MappedLeg(leg.Index, leg.Id, unit.Id, unit.Name, mapped.Lun, unit.TargetName, unit.Portals);
    }

    /// <summary>A store, beside its unit.</summary>
    public Api.PoolStore PoolStore(IStationTransaction transaction, Domain.Store store) => new(
        store.UnitId, transaction.Require<Domain.Unit>(store.UnitId, "unit").Name, Store(store, presence.LastSighting(store.UnitId)?.Report));

    private static Api.Store Store(Domain.Store store, UnitReport? report)
    {
        long freeBytes = report?.Stores.FirstOrDefault(found => found.StoreId == store.Id)?.FreeBytes ?? store.FreeBytes;
        return new Api.Store(store.Id, store.Name, store.CapacityBytes, freeBytes, store.PromisedBytes) { Media = store.Media };
    }

    private UnitCondition[] Conditions(Domain.Unit unit, UnitReport? report) =>
    [
        .. reconcilers.ProgressOf(unit.Id).IsAhead ? [new UnitCondition("generation-refused", $"{AheadMessage(unit)} {AheadAction}")] : Array.Empty<UnitCondition>(),
        .. report?.Status.Conditions ?? [],
    ];

    private Api.Leg Leg(IStationTransaction transaction, Domain.Leg leg)
    {
        Domain.Unit unit = transaction.Require<Domain.Unit>(leg.UnitId, "unit");
        Api.LegRole role = leg.Role switch
        {
            Domain.LegRole.Whole => Api.LegRole.Whole,
            Domain.LegRole.Copy => Api.LegRole.Copy,
            Domain.LegRole.Stripe => Api.LegRole.Stripe,
            Domain.LegRole.Segment => Api.LegRole.Segment,
        };
        return new Api.Leg(leg.Id, leg.Index, role, leg.UnitId, unit.Name, leg.StoreId, leg.SizeBytes, Naa.Of(leg.Id), presence.Of(leg.UnitId) != Presence.Unreachable)
        {
            AllocatedBytes = presence.LastSighting(leg.UnitId)?.Report?.Legs.FirstOrDefault(usage => usage.LegId == leg.Id)?.AllocatedBytes,
        };
    }
}
