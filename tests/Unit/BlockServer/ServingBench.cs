using System.Net;
using VSan.BlockServer;
using VSan.BlockServer.Configuration;
using VSan.BlockServer.Inspection;
using VSan.BlockServer.Serving;
using VSan.Contracts.BlockServer;
using VSan.Iscsi;
using VSan.Reactor;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>All of a block server but its process: real rings, a real portal on loopback, configurations applied to them.</summary>
internal sealed class ServingBench : IDisposable
{
    internal const string Target = "iqn.2026-11.io.vsan-appliance:unit.bench";
    internal const string Initiator = "iqn.2026-11.org.example:host";
    internal const long VolumeBytes = 1024 * 1024;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-serving-");
    private readonly ServedConfiguration _served;
    private BlockServerConfiguration _wanted = new(0, ["127.0.0.1:0"], [], []);

    internal ServingBench(int rings = 1)
    {
        var sessions = new SessionRegistry();
        var options = new RingOptions(16 * 1024 * 1024, Engine: TestEngine.Kind);
        Rings = RingFrontEnd.Create(rings, options, sessions, TimeProvider.System);
        foreach (RingFrontEnd ring in Rings) ring.Ring.Start();
        _served = new ServedConfiguration(Rings, sessions, new ConfigurationFile(_directory.FullName), new EventLog(TextWriter.Null, TimeProvider.System));
    }

    internal RingFrontEnd[] Rings { get; }

    internal string Folder => _directory.FullName;

    /// <summary>Where the first portal listens.</summary>
    internal IPEndPoint Portal => IPEndPoint.Parse(Inspect().Portals[0]);

    /// <summary>A volume, in memory or in a new file.</summary>
    internal VolumeConfiguration Volume(int number, VolumeKind kind = VolumeKind.Memory)
    {
        string? path = kind is VolumeKind.File ? Path.Combine(Folder, $"{number}.img") : null;
        if (path is not null)
        {
            using FileStream file = File.Create(path);
            file.SetLength(VolumeBytes);
        }

        return new VolumeConfiguration(new Guid(number, 1, 1, new byte[8]), kind, path, VolumeBytes, 512, true, true, $"6{number:x31}", $"S{number}");
    }

    /// <summary>Makes these the volumes under the next generation: the first is LUN 0 of our initiator, and any other initiator sees all of them.</summary>
    internal ControlAnswer Serve(params VolumeConfiguration[] volumes) => Serve(volumes, chap: null);

    internal ControlAnswer Serve(VolumeConfiguration[] volumes, ChapCredential? chap)
    {
        LogicalUnitConfiguration[] luns = [.. volumes.Select((volume, lun) => new LogicalUnitConfiguration(lun, volume.Id, false))];
        AccessConfiguration[] access = [new(Initiator, chap, luns[..1]), new("*", null, luns)];
        return Apply(_wanted with { Generation = _wanted.Generation + 1, Volumes = volumes, Targets = [new TargetConfiguration(Target, access)] });
    }

    /// <summary>Changes the portals only.</summary>
    internal ControlAnswer ServeOn(params string[] portals) => Apply(_wanted with { Generation = _wanted.Generation + 1, Portals = portals });

    /// <summary>The configuration that was asked for last.</summary>
    internal BlockServerConfiguration Wanted => _wanted;

    internal ControlAnswer Apply(BlockServerConfiguration configuration)
    {
        ControlAnswer answer = _served.ApplyAsync(configuration, persist: true).WaitAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
        if (answer.Generation == configuration.Generation && answer.Generation > _wanted.Generation) _wanted = configuration;
        return answer;
    }

    internal BlockServerInspection Inspect() => InspectionMaker.Make(Look());

    internal ServerPicture Look() => _served.LookAsync().WaitAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();

    internal RawInitiator LogIn((string, string)? chap = null) => RawInitiator.LogIn(Portal, Target, Initiator, chap);

    public void Dispose()
    {
        _served.StopListeningAsync().GetAwaiter().GetResult();
        foreach (RingFrontEnd ring in Rings) ring.Ring.Stop();
        foreach (RingFrontEnd ring in Rings) ring.Ring.Dispose();
        _served.Dispose();
        _directory.Delete(recursive: true);
    }
}
