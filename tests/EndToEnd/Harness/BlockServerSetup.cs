using System.Net;
using VSan.Contracts.BlockServer;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>Builds configurations of a block server: file volumes in the test's directory, one target, one initiator's access to all of them.</summary>
internal sealed class BlockServerSetup(TestDirectory directory)
{
    public const string Target = "iqn.2026-11.io.vsan-appliance:test";
    public const string Initiator = "iqn.2026-11.io.example:host";
    private readonly List<VolumeConfiguration> _volumes = [];
    private long _generation;

    public IPEndPoint Portal { get; } = Loopback.Free();

    /// <summary>What the initiator must prove, or null.</summary>
    public ChapCredential? Chap { get; init; }

    /// <summary>What the target can prove in turn, or null.</summary>
    public ChapCredential? TargetChap { get; init; }

    public IReadOnlyList<VolumeConfiguration> Volumes => _volumes;

    /// <summary>Makes a sparse file and serves it as the next LUN.</summary>
    public BlockServerSetup WithVolume(long sizeBytes = 64 << 20, int blockSizeBytes = 512)
    {
        Guid id = Guid.NewGuid();
        string path = directory.File($"{id}.img");
        using (FileStream file = File.Create(path)) file.SetLength(sizeBytes);
        string naa = "6" + id.ToString("N")[1..];
        _volumes.Add(new VolumeConfiguration(id, VolumeKind.File, path, sizeBytes, blockSizeBytes, Thin: true, WriteCache: true, naa, id.ToString("N")));
        return this;
    }

    public BlockServerSetup WithVolumes(int count)
    {
        for (int i = 0; i < count; i++) WithVolume();
        return this;
    }

    public BlockServerSetup WithoutLastVolume()
    {
        _volumes.RemoveAt(_volumes.Count - 1);
        return this;
    }

    /// <summary>The next generation of the configuration.</summary>
    public BlockServerConfiguration Next()
    {
        LogicalUnitConfiguration[] units = [.. _volumes.Select((volume, lun) => new LogicalUnitConfiguration(lun, volume.Id, ReadOnly: false))];
        return new BlockServerConfiguration(++_generation, [Portal.ToString()], [.. _volumes], [new TargetConfiguration(Target, [new AccessConfiguration(Initiator, Chap, units, TargetChap)])]);
    }

    public HostAccess Access(int lun = 0) => new(Portal, Target, Initiator, lun, Chap?.UserName, Chap?.Secret);
}
