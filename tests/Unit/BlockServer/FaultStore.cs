using VSan.Block;
using VSan.Tests.Harness;
using VSan.Volumes;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>Where the volume of one run is: a file, reserved or not, or a loop device over one. It outlives the volume, so that it can be looked at.</summary>
internal sealed class FaultStore : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-fault-");
    private readonly LoopDevice? _loop;
    private readonly string _path;
    private readonly bool _thin;

    internal FaultStore(string kind)
    {
        _path = Path.Combine(_directory.FullName, "volume.img");
        _thin = kind != "thick";
        using (FileStream file = File.Create(_path)) file.SetLength(FaultScript.Blocks * FaultScript.BlockBytes);
        if (kind == "device") _loop = Task.Run(() => LoopDevice.AttachAsync(_path)).GetAwaiter().GetResult();
    }

    internal StoredVolume Open(VolumeRing ring)
    {
        var geometry = new VolumeGeometry(FaultScript.BlockBytes, 4096, new BlockCount(FaultScript.Blocks), 8, _thin);
        if (_loop is null) return VolumeFile.TryOpen(_path, geometry, [ring], out string? error) ?? throw new InvalidOperationException(error);
        (BlockDeviceVolume? device, string? why) = Task.Run(() => BlockDeviceVolume.OpenAsync(_loop.Path, geometry, null, [ring])).GetAwaiter().GetResult();
        return device ?? throw new InvalidOperationException(why);
    }

    /// <summary>Blocks of commands that ended with GOOD and are not as the command left them.</summary>
    internal IEnumerable<string> Wrong(IReadOnlyList<CommandEnd> ends)
    {
        byte[] bytes = File.ReadAllBytes(_loop?.Path ?? _path);
        foreach ((int index, FaultStep step) in FaultScript.Steps.Index())
        {
            Span<byte> range = bytes.AsSpan(step.Lba * FaultScript.BlockBytes, step.Blocks * FaultScript.BlockBytes);
            if (ends[index].Status == 0 && range.ContainsAnyExcept(step.Value)) yield return $"{step.Name} was acknowledged and is not there";
        }
    }

    public void Dispose()
    {
        if (_loop is not null) Task.Run(async () => await _loop.DisposeAsync()).GetAwaiter().GetResult();
        _directory.Delete(recursive: true);
    }
}
