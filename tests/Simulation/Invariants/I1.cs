using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>The station is never on the data path: a host that was given a logical unit reads it whenever the unit's block server runs.</summary>
internal sealed class I1 : Invariant
{
    public override string? OnHostRead(SimWorld world, HostRead read) => read.Answered || read.Mapping.RemovalAsked
        ? null
        : $"{read.Mapping.Initiator} lost {read.Mapping.Volume.Name}, number {read.Mapping.Lun} of {read.Unit.Name}.";
}
