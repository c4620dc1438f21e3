using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>
/// What is served is current: a host reads the last write that it was told is done, never another volume's bytes, and at rest the size that its owner
/// asked for. A snapshot holds what its volume held at a moment between the question and the answer, whatever was written since.
/// </summary>
internal sealed class I3 : Invariant
{
    public override string? AtRest(SimWorld world, bool allUp) => allUp
        ? world.Ledgers.Volumes.SelectMany(volume => volume.Mappings).Where(mapping => !mapping.RemovalAsked).Select(mapping => Size(world, mapping))
            .Concat(world.Ledgers.Volumes.SelectMany(volume => volume.Snapshots.Where(snapshot => !snapshot.RemovalAsked).Select(snapshot => Content(world, volume, snapshot))))
            .FirstOrDefault(wrong => wrong is not null)
        : null;

    public override string? OnHostRead(SimWorld world, HostRead read)
    {
        if (!read.Answered) return null;
        if (read.LegId != read.Mapping.LegId)
            return $"{read.Mapping.Initiator} reads another volume than {read.Mapping.Volume.Name} at number {read.Mapping.Lun} of {read.Unit.Name}.";
        string? written = read.Mapping.Volume.Written.GetValueOrDefault(read.LegId);
        return read.Written == written ? null : $"{read.Mapping.Volume.Name} on {read.Unit.Name} holds '{read.Written}', written was '{written}'.";
    }

    private static string? Content(SimWorld world, VolumeLedger volume, SnapshotLedger snapshot)
    {
        if (world.Look(transaction => transaction.Table<SnapshotLeg>().Where(Lookups.SnapshotLegSnapshot, snapshot.Id.ToString())) is not [var copy]) return $"A snapshot of {volume.Name} is gone.";
        if (world.Unit(copy.UnitId).Files.Find($"/store/{copy.Id:D}.img") is not { } file) return $"The copy of a snapshot of {volume.Name} is gone from {world.Unit(copy.UnitId).Name}.";
        return snapshot.MayHold(file.Written) ? null : $"A snapshot of {volume.Name} holds '{file.Written}', which it did not hold then.";
    }

    private static string? Size(SimWorld world, MappingLedger mapping) =>
        world.Unit(mapping.UnitId).BlockServer.Served?.Volumes.FirstOrDefault(volume => volume.Id == mapping.LegId)?.SizeBytes == mapping.Volume.LegBytes
            ? null
            : $"{mapping.Volume.Name} is not served with its {mapping.Volume.LegBytes} bytes by {world.Unit(mapping.UnitId).Name}.";
}
