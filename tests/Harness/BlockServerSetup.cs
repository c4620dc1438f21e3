using System.Net;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;

namespace VSan.Tests.Harness;

/// <summary>Builds configurations of a block server: file volumes in the test's directory, one target, one initiator's access to all of them.</summary>
internal sealed class BlockServerSetup(TestDirectory directory)
{
    public const string Target = "iqn.2026-11.io.vsan-appliance:test";
    public const string Initiator = "iqn.2026-11.io.example:host";
    private readonly List<VolumeConfiguration> _volumes = [];
    private long _generation;

    // LUNs end at 255 (docs/limits.md): more volumes need more targets.
    private const int LunsPerTarget = 250;

    public IPEndPoint Portal { get; } = Loopback.Free();

    /// <summary>Portals beside the first.</summary>
    public IReadOnlyList<IPEndPoint> MorePortals { get; init; } = [];

    /// <summary>Where the volumes' files are; null for the test's directory.</summary>
    public string? VolumeFolder { get; init; }

    /// <summary>What the initiator must prove, or null.</summary>
    public ChapCredential? Chap { get; init; }

    /// <summary>What the target can prove in turn, or null.</summary>
    public ChapCredential? TargetChap { get; init; }

    public IReadOnlyList<VolumeConfiguration> Volumes => _volumes;

    /// <summary>Makes a sparse file and serves it as the next LUN.</summary>
    public BlockServerSetup WithVolume(long sizeBytes = 64 << 20, int blockSizeBytes = 512, bool writeCache = true, bool thin = true)
    {
        Guid id = Guid.NewGuid();
        string path = Path.Combine(VolumeFolder ?? directory.Location, $"{id}.img");
        using (FileStream file = File.Create(path)) file.SetLength(sizeBytes);
        return With(id, VolumeKind.File, path, sizeBytes, blockSizeBytes, writeCache, thin);
    }

    /// <summary>Serves a block device as the next LUN.</summary>
    public BlockServerSetup WithDevice(string path, long sizeBytes, int blockSizeBytes = 512) =>
        With(Guid.NewGuid(), VolumeKind.Device, path, sizeBytes, blockSizeBytes, writeCache: true, thin: true);

    /// <summary>Lengthens the last volume's file and serves it so.</summary>
    public BlockServerSetup WithLastVolumeOf(long sizeBytes)
    {
        using (FileStream file = File.OpenWrite(_volumes[^1].Path!)) file.SetLength(sizeBytes);
        _volumes[^1] = _volumes[^1] with { SizeBytes = sizeBytes };
        return this;
    }

    public BlockServerSetup WithVolumes(int count)
    {
        for (int i = 0; i < count; i++) WithVolume();
        return this;
    }

    /// <summary>Asks for another size of a volume; what is below it stays as it is.</summary>
    public BlockServerSetup Resized(int index, long sizeBytes)
    {
        _volumes[index] = _volumes[index] with { SizeBytes = sizeBytes };
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
        string[] portals = [Portal.ToString(), .. MorePortals.Select(portal => portal.ToString())];
        return new BlockServerConfiguration(++_generation, portals, [.. _volumes], [.. _volumes.Chunk(LunsPerTarget).DefaultIfEmpty([]).Select(TargetOf)]);
    }

    /// <summary>The way to a volume; its number goes on counting over the targets.</summary>
    public HostAccess Access(int lun = 0) => new(Portal, NameOf(lun / LunsPerTarget), Initiator, lun % LunsPerTarget, Chap?.UserName, Chap?.Secret);

    private BlockServerSetup With(Guid id, VolumeKind kind, string path, long sizeBytes, int blockSizeBytes, bool writeCache, bool thin)
    {
        string naa = "6" + id.ToString("N")[1..];
        _volumes.Add(new VolumeConfiguration(id, kind, path, sizeBytes, blockSizeBytes, thin, writeCache, naa, id.ToString("N")));
        return this;
    }

    private static string NameOf(int target) => target == 0 ? Target : $"{Target}.{target}";

    private TargetConfiguration TargetOf(VolumeConfiguration[] volumes, int target)
    {
        LogicalUnitConfiguration[] units = [.. volumes.Select((volume, lun) => new LogicalUnitConfiguration(lun, volume.Id, ReadOnly: false))];
        return new TargetConfiguration(NameOf(target), [new AccessConfiguration(Initiator, Chap, units, TargetChap)]);
    }
}
