using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>What is served is current: a host reads the last write that it was told is done, and never another volume's bytes.</summary>
internal sealed class I3 : Invariant
{
    public override string? OnHostRead(SimWorld world, HostRead read)
    {
        if (!read.Answered) return null;
        if (!read.Mapping.Volume.LegIds.Contains(read.LegId))
            return $"{read.Mapping.Initiator} reads another volume than {read.Mapping.Volume.Name} at number {read.Mapping.Lun} of {read.Unit.Name}.";
        return read.Written == read.Mapping.Volume.Written
            ? null
            : $"{read.Mapping.Volume.Name} on {read.Unit.Name} holds '{read.Written}', written was '{read.Mapping.Volume.Written}'.";
    }
}
