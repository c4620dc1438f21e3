using VSan.Scsi;
using VSan.Scsi.Reservations;
using Xunit;

namespace VSan.Tests.Unit.Scsi.Reservations;

public sealed class ReservationImageTests
{
    private static readonly Registration First = new(new NexusIdentity("iqn.a:1", 0x400001370000, "iqn.t:1"), 0x1122, AllTargetPorts: false);
    private static readonly Registration Second = new(new NexusIdentity("iqn.a:2", 1, "iqn.t:1", 2), ulong.MaxValue, AllTargetPorts: true);

    private static readonly ReservationState State = new()
    {
        Registrations = [First, Second],
        Type = ReservationType.ExclusiveAccessRegistrantsOnly,
        Holder = Second.Nexus,
        Persists = true,
        Generation = 9,
    };

    [Fact]
    public void Image_OfAState_IsTheFormatOfVersionOne()
    {
        const string expected = "5653616E50520000" + "00000001" + "0002" + "0001" + "06" + "000000"
            + "0000000000001122" + "0000400001370000" + "0001" + "00" + "0707" + "69716E2E613A31" + "69716E2E743A31"
            + "FFFFFFFFFFFFFFFF" + "0000000000000001" + "0002" + "01" + "0707" + "69716E2E613A32" + "69716E2E743A31";
        byte[] image = ReservationImage.Format(State);
        Assert.Equal(expected, Convert.ToHexString(image.AsSpan(0, image.Length - 4)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Image_ReadBack_IsTheStateWithAGenerationOfZero(bool allRegistrants)
    {
        ReservationState state = allRegistrants ? State with { Type = ReservationType.WriteExclusiveAllRegistrants, Holder = null } : State;
        ReservationState read = ReservationImage.TryParse(ReservationImage.Format(state))!;
        Assert.Equal(state.Registrations, read.Registrations);
        Assert.Equal((state.Type, state.Holder, 0u, true), (read.Type, read.Holder, read.Generation, read.Persists));
    }

    [Fact]
    public void Image_AnyByteChangedOrCut_IsNotTaken()
    {
        byte[] image = ReservationImage.Format(State);
        for (int at = 0; at < image.Length; at++)
        {
            byte[] damaged = [.. image];
            damaged[at] ^= 0x10;
            Assert.True(ReservationImage.TryParse(damaged) is null, $"byte {at}");
            Assert.True(ReservationImage.TryParse(image.AsSpan(0, at)) is null, $"length {at}");
        }

        Assert.NotNull(ReservationImage.TryParse(image));
    }
}
