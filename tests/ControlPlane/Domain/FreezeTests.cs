using VSan.Station.Domain;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

public sealed class FreezeTests
{
    private static readonly Guid[] Units = [.. Enumerable.Range(1, 9).Select(number => new Guid(number, 0, 0, new byte[8]))];

    private static readonly TimeSpan JustGone = PresenceRule.UnreachableAfter + TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongGone = PresenceRule.UnreachableAfter + Freeze.Window;

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Vanished_MoreThanAThirdAtOnce_Freezes(int gone, bool frozen) =>
        Assert.Equal(frozen, Freeze.None.Next(Look(gone, JustGone)).IsFrozen);

    [Fact]
    public void Vanished_OneAfterAnother_DoesNotFreeze() => Assert.False(Freeze.None.Next(Look(8, LongGone)).IsFrozen);

    [Fact]
    public void Frozen_TimePasses_StaysSo()
    {
        Freeze frozen = Freeze.None.Next(Look(4, JustGone));
        Assert.True(frozen.Next(Look(4, TimeSpan.FromDays(1))).IsFrozen);
    }

    [Fact]
    public void Frozen_EnoughAreBack_Thaws() => Assert.False(Freeze.None.Next(Look(5, JustGone)).Next(Look(3, LongGone)).IsFrozen);

    [Fact]
    public void Thawed_ByAPerson_TheSameUnitsFreezeItNoMore()
    {
        Freeze thawed = Freeze.None.Next(Look(4, JustGone)).Thaw();
        Assert.False(thawed.IsFrozen);
        thawed = thawed.Next(Look(4, JustGone));
        Assert.False(thawed.IsFrozen);
        Assert.True(thawed.Next(Look(0, default)).Next(Look(4, JustGone)).IsFrozen);
    }

    private static Dictionary<Guid, TimeSpan> Look(int gone, TimeSpan silence) =>
        Units.Select((id, index) => (id, index)).ToDictionary(unit => unit.id, unit => unit.index < gone ? silence : TimeSpan.Zero);
}
