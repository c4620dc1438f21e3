using System.Net;
using VSan.Block;
using VSan.BlockServer;
using VSan.BlockServer.Serving;
using VSan.Iscsi;
using VSan.Reactor;
using VSan.Scsi;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>One ring, one portal on loopback, and a logical unit over a volume of the test's own making, which may fail.</summary>
internal sealed class FaultBench : IDisposable
{
    private readonly Portals _portals;

    private FaultBench(RingFrontEnd front) => (Front, _portals) = (front, new Portals([front], new EventLog(TextWriter.Null, TimeProvider.System)));

    internal RingFrontEnd Front { get; }

    internal static async Task<FaultBench> StartAsync(Func<RingFrontEnd, IVolume> makeVolume)
    {
        RingFrontEnd front = RingFrontEnd.Create(1, new RingOptions(4 * 1024 * 1024, Engine: TestEngine.Kind), new SessionRegistry(), TimeProvider.System)[0];
        front.Ring.Start();
        var bench = new FaultBench(front);
        var unit = new LogicalUnit(makeVolume(front), new LogicalUnitIdentity("6" + new string('1', 31), "S1"), writeCache: true);
        var access = new TargetAccess(TargetAccess.Anybody, null, new Dictionary<int, TargetLun> { [0] = new(unit, false) });
        await front.RunAsync(() => front.Iscsi.Apply(new TargetCatalog(1, [new IscsiTarget(ServingBench.Target, [], [access])])));
        await bench._portals.AcceptAsync(await bench._portals.BindAsync(["127.0.0.1:0"], []));
        return bench;
    }

    internal RawInitiator LogIn() => RawInitiator.LogIn(IPEndPoint.Parse(_portals.Open[0].Address), ServingBench.Target, ServingBench.Initiator);

    public void Dispose()
    {
        Front.Ring.Stop();
        Front.Ring.Dispose();
    }
}
