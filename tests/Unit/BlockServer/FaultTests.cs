using System.Net;
using VSan.Block;
using VSan.BlockServer;
using VSan.BlockServer.Serving;
using VSan.Iscsi;
using VSan.Reactor;
using VSan.Scsi;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>A failing volume as the initiator sees it: the right sense for the one command, and no other command touched.</summary>
public sealed class FaultTests
{
    private const int Eio = 5;
    private const int Enospc = 28;

    [Theory]
    [InlineData(BlockOperation.Read, BlockStatus.MediumError, Eio, 0x031100)]
    [InlineData(BlockOperation.Write, BlockStatus.HardwareError, Eio, 0x044400)]
    [InlineData(BlockOperation.Write, BlockStatus.NoSpace, Enospc, 0x072707)]
    [InlineData(BlockOperation.Flush, BlockStatus.HardwareError, Eio, 0x044400)]
    public async Task ThirdRequest_Fails_InitiatorGetsItsSenseAndTheOthersGoOn(BlockOperation operation, BlockStatus status, int errno, int sense)
    {
        var sessions = new SessionRegistry();
        var front = RingFrontEnd.Create(1, new RingOptions(4 * 1024 * 1024, Engine: TestEngine.Kind), sessions, TimeProvider.System)[0];
        front.Ring.Start();
        var geometry = new VolumeGeometry(512, 4096, new BlockCount(2048), 8, Thin: true);
        var faulty = new FaultyVolume(new MemoryVolume(geometry, [front.Volumes]), operation, nth: 3, status, errno);
        var unit = new LogicalUnit(faulty, new LogicalUnitIdentity("6" + new string('1', 31), "S1"), writeCache: true);
        var access = new TargetAccess(TargetAccess.Anybody, null, new Dictionary<int, TargetLun> { [0] = new(unit, false) });
        await front.RunAsync(() => front.Iscsi.Apply(new TargetCatalog(1, [new IscsiTarget(ServingBench.Target, [], [access])])));
        var portals = new Portals([front], new EventLog(TextWriter.Null, TimeProvider.System));
        await portals.AcceptAsync(await portals.BindAsync(["127.0.0.1:0"], []));

        using (RawInitiator initiator = RawInitiator.LogIn(IPEndPoint.Parse(portals.Open[0].Address), ServingBench.Target, ServingBench.Initiator))
        {
            for (int number = 1; number <= 5; number++)
            {
                CommandEnd end = operation switch
                {
                    BlockOperation.Read => initiator.Read(0, new byte[4096]),
                    BlockOperation.Write => initiator.Write(0, new byte[4096]),
                    _ => initiator.Flush(),
                };
                Assert.Equal(number == 3 ? new CommandEnd(2, sense) : new CommandEnd(0, 0), end);
            }
        }

        front.Ring.Stop();
        front.Ring.Dispose();
    }
}
