using VSan.BlockServer;
using VSan.BlockServer.Reservations;
using VSan.Scsi;
using VSan.Tests.Unit.Scsi.Reservations;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>APTPL on a real disk: what was answered with GOOD is there for whoever opens the files next, as after a kill.</summary>
[Trait("clause", "SPC-4, reservations")]
public sealed class ReservationFileTests : IDisposable
{
    private const string Naa = "6AAAaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("vsan-reservations-");

    [Fact]
    public void Reservation_WithAptpl_IsThereForTheNextProcess()
    {
        ReservationBench bench = Start();
        Out(bench, 0, 6, 0, 0, 5, flags: 1);
        Out(bench, 1, 6, 0, 0, 6, flags: 1);
        Out(bench, 0, 1, 3, 5, 0);
        ReservationBench next = Start();
        Assert.Equal(0x18, next.Run(1, ReservationBench.Read));
        Assert.Equal(0, next.Run(0, ReservationBench.Write));
        Assert.Equal("0000000000000005" + "0000000000000006", Convert.ToHexString(next.In(2, 0)[8..]));
    }

    [Fact]
    public void Reservation_WithoutAptpl_IsGoneWithTheProcess()
    {
        ReservationBench bench = Start();
        Out(bench, 0, 6, 0, 0, 5, flags: 0);
        Out(bench, 0, 1, 3, 5, 0);
        Assert.Equal(0, Start().Run(1, ReservationBench.Write));
    }

    [Fact]
    public void Aptpl_TakenBack_LeavesNoFile()
    {
        ReservationBench bench = Start();
        Out(bench, 0, 6, 0, 0, 5, flags: 1);
        _ = Assert.Single(_state.GetFiles("*.pr", SearchOption.AllDirectories));
        Out(bench, 0, 6, 0, 0, 5, flags: 0);
        Assert.Empty(_state.GetFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public void File_Damaged_IsAReasonNotToServe()
    {
        Out(Start(), 0, 6, 0, 0, 5, flags: 1);
        string path = _state.GetFiles("*.pr", SearchOption.AllDirectories)[0].FullName;
        byte[] bytes = File.ReadAllBytes(path);
        bytes[20] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Null(Store().Load(out string? error));
        Assert.Contains("damaged", error, StringComparison.Ordinal);
    }

    [Fact]
    public void File_LeftUnfinishedByAPowerCut_IsNotTaken()
    {
        Out(Start(), 0, 6, 0, 0, 5, flags: 1);
        string path = _state.GetFiles("*.pr", SearchOption.AllDirectories)[0].FullName;
        File.WriteAllBytes(path + ".new", [1, 2, 3]);
        ReservationBench next = Start();
        Assert.Equal(16, next.In(0, 0).Length);
        Out(next, 1, 6, 0, 0, 6, flags: 1);
        Assert.Equal(24, Start().In(0, 0).Length);
    }

    [Fact]
    public void Directory_NotWritable_FailsTheCommandAndKeepsTheOldState()
    {
        ReservationBench bench = Start();
        File.WriteAllBytes(Path.Combine(_state.FullName, "reservations"), []);
        Run(bench, 0, 6, 0, 0, 5, flags: 1);
        Assert.Equal(0x044400, ReservationBench.Outcome(bench.Nexus[0]));
        Assert.Equal(8, bench.In(0, 0).Length);
    }

    public void Dispose() => _state.Delete(recursive: true);

    private ReservationFile Store() => new(_state.FullName, Naa, new EventLog(TextWriter.Null, TimeProvider.System));

    private ReservationBench Start() => new(3, Store().Load(out _));

    private static void Out(ReservationBench bench, int nexus, int action, int type, ulong key, ulong actionKey, byte flags = 0)
    {
        Run(bench, nexus, action, type, key, actionKey, flags);
        Assert.Equal(ScsiStatus.Good, bench.Nexus[nexus].Status);
    }

    // The save is another thread's, and the answer comes from there.
    private static void Run(ReservationBench bench, int nexus, int action, int type, ulong key, ulong actionKey, byte flags)
    {
        bench.Out(nexus, action, type, key, actionKey, flags);
        Assert.True(SpinWait.SpinUntil(() => bench.Nexus[nexus].Completed, TimeSpan.FromSeconds(20)));
    }
}
