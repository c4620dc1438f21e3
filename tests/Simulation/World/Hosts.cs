namespace VSan.Tests.Simulation.World;

/// <summary>Hosts: read and write what they were given, once a second, whatever becomes of the station.</summary>
internal sealed class Hosts(SimWorld world)
{
    private long _writes;

    public void Begin() => world.Simulation.After(TimeSpan.FromSeconds(1), Tick);

    private void Tick()
    {
        foreach (MappingLedger mapping in world.Ledgers.Volumes.SelectMany(volume => volume.Mappings).Where(mapping => world.Simulation.Now < mapping.ForgottenAt)) Use(mapping);
        Begin();
    }

    private void Use(MappingLedger mapping)
    {
        SimUnit unit = world.Unit(mapping.UnitId);
        if (!unit.BlockServer.Running) return;
        bool answered = unit.BlockServer.TryRead(mapping.Initiator, mapping.Lun, out Guid legId, out string? written);
        world.OnHostRead(new HostRead(mapping, unit, answered, legId, written));
        if (!answered || mapping.RemovalAsked || legId != mapping.LegId) return;
        string what = $"{mapping.Volume.Name} {++_writes}";
        if (unit.BlockServer.TryWrite(mapping.Initiator, mapping.Lun, what)) mapping.Volume.Written[legId] = what;
    }
}
