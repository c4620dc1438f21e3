using VSan.Contracts.BlockServer;
using VSan.Tests.Simulation.World;

namespace VSan.Tests.Simulation.Invariants;

/// <summary>At most one writer of a leg: no two units serve the same leg, and no host but the one that it was given to sees it.</summary>
internal sealed class I2 : Invariant
{
    private readonly Dictionary<Guid, string> _servers = [];

    public override string? OnServed(SimWorld world, SimUnit unit, BlockServerConfiguration configuration)
    {
        foreach (VolumeConfiguration volume in configuration.Volumes)
        {
            if (!_servers.TryAdd(volume.Id, unit.Name) && _servers[volume.Id] != unit.Name) return $"A leg is served by {_servers[volume.Id]} and by {unit.Name}.";
        }

        return null;
    }
}
