using Xunit;

namespace VSan.Tests.Unit.Scsi.Reservations;

[Trait("clause", "SPC-2, 5.5")]
public sealed class ReserveUnitTests
{
    private const string Reserve = "16 00 00 00 00 00", Release = "17 00 00 00 00 00";
    private const int Conflict = 0x18;

    private readonly ReservationBench _bench = new();

    [Fact]
    public void Reserve_OfAnother_StopsAllButAFewCommands()
    {
        Assert.Equal((0, 0, Conflict), (_bench.Run(0, Reserve), _bench.Run(0, Reserve), _bench.Run(1, Reserve)));
        Assert.Equal((Conflict, Conflict), (_bench.Run(1, ReservationBench.Ready), _bench.Run(1, ReservationBench.Read)));
        Assert.Equal((0, 0), (_bench.Run(1, "12 00 00 00 60 00"), _bench.Run(1, "03 00 00 00 12 00")));
        Assert.Equal((0, 0), (_bench.Run(0, ReservationBench.Write), _bench.Run(1, Release)));
        Assert.Equal(Conflict, _bench.Run(1, ReservationBench.Ready));
        Assert.Equal((0, 0), (_bench.Run(0, Release), _bench.Run(1, ReservationBench.Write)));
    }

    [Fact]
    public void Reserve_AndPersistentReservations_KeepEachOtherOut()
    {
        _bench.Run(0, Reserve);
        Assert.Equal(Conflict, _bench.Out(0, 6, 0, 0, 5));
        _bench.Run(0, Release);
        Assert.Equal(0, _bench.Out(0, 6, 0, 0, 5));
        Assert.Equal((Conflict, Conflict), (_bench.Run(1, Reserve), _bench.Run(0, Release)));
    }

    [Fact]
    public void Reserve_NexusLostOrReset_IsFreeAndARegistrationIsNot()
    {
        _bench.Run(0, Reserve);
        _bench.Nexus[0].Nexus.End();
        Assert.Equal(0, _bench.Run(1, Reserve));
        _bench.Nexus[1].Unit.Reset();
        Assert.Equal(0x062903, _bench.Run(2, ReservationBench.Ready));
        Assert.Equal(0, _bench.Out(2, 6, 0, 0, 5));
        _bench.Nexus[2].Nexus.End();
        Assert.Equal(16, _bench.Nexus[1].Run("5E 00 00 00 00 00 00 00FF 00").DataIn.Length | _bench.Nexus[1].Run("5E 00 00 00 00 00 00 00FF 00").DataIn.Length);
    }
}
