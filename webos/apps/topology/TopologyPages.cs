using VSan.Contracts.Api;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Topology;

/// <summary>What is on the page about the pool's shape.</summary>
internal static class TopologyPages
{
    /// <summary>Both trees.</summary>
    public static IReadOnlyList<Part> Trees(Pool pool, IReadOnlyList<Unit> units, IReadOnlyList<Volume> volumes, IReadOnlyList<Host> hosts, bool more) =>
    [
        .. more ? (Part[])[new Notice(new Cue(Tone.Warning, "Not all"), "Only the first 500 units, volumes and hosts are shown here; the lists of the apps have all.")] : [],
        new Section("pool", "The pool: units, stores, legs", new Tree("Units of the pool, with their stores and what lies there", [PoolBranch(pool, units, volumes)])),
        new Section("hosts", "Hosts: volumes, units", hosts.Count == 0 ? new Paragraph("The pool knows no host yet.") : new Tree("Hosts, with their volumes and the units that serve them", [.. hosts.Select(host => HostBranch(host, volumes))])),
    ];

    private static Branch PoolBranch(Pool pool, IReadOnlyList<Unit> units, IReadOnlyList<Volume> volumes)
    {
        ILookup<Guid, (Volume Volume, Leg Leg)> legs = volumes.SelectMany(volume => volume.Legs.Select(leg => (volume, leg))).ToLookup(one => one.leg.StoreId);
        return new(new Lines([new Line("Pool"), new Mark(Cue.Of(pool.Health))]), [.. units.Select(unit => UnitBranch(unit, legs))]);
    }

    private static Branch UnitBranch(Unit unit, ILookup<Guid, (Volume Volume, Leg Leg)> legs) => new(
        new Lines([new Link(unit.Name, $"/app/units/{unit.Id}") { Note = Counted.Of(unit.Sessions, "session") }, new Mark(Cue.Of(unit))]),
        [
            .. unit.Stores.Select(store => new Branch(
                new Line(store.Name, $"{new ByteSize(store.CapacityBytes - store.FreeBytes)} of {new ByteSize(store.CapacityBytes)} used"),
                [.. legs[store.Id].Select(one => LegBranch(one.Volume, one.Leg))])),
        ]);

    private static Branch LegBranch(Volume volume, Leg leg) => new(
        new Lines([new Link(volume.Name, $"/app/volumes/{volume.Id}") { Note = $"leg {leg.Index + 1} of {volume.Legs.Count}, {new ByteSize(leg.SizeBytes)}" }, .. volume.State == VolumeState.Ready ? (Part[])[] : [new Mark(Cue.Of(volume.State))]]));

    private static Branch HostBranch(Host host, IReadOnlyList<Volume> volumes) => new(
        new Link(host.Name, $"/app/hosts/{host.Id}") { Note = host.InitiatorName },
        [.. volumes.SelectMany(volume => volume.Mappings).Where(mapping => mapping.HostId == host.Id).Select(MappingBranch)]);

    private static Branch MappingBranch(Mapping mapping) => new(
        new Lines([new Link(mapping.VolumeName, $"/app/volumes/{mapping.VolumeId}"), new Mark(Cue.Of(mapping.State))]),
        [.. mapping.Legs.Select(leg => new Branch(new Link(leg.UnitName, $"/app/units/{leg.UnitId}") { Note = $"LUN {leg.Lun} through {string.Join(", ", leg.Portals)}" }))]);
}
