using VSan.Station.Domain;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

public sealed class FillLevelTests
{
    [Theory]
    [InlineData(69, null, null)]
    [InlineData(70, null, AlarmSeverity.Notice)]
    [InlineData(80, null, AlarmSeverity.Warning)]
    [InlineData(90, null, AlarmSeverity.Critical)]
    [InlineData(100, AlarmSeverity.Notice, AlarmSeverity.Critical)]
    [InlineData(69, AlarmSeverity.Notice, AlarmSeverity.Notice)]
    [InlineData(67, AlarmSeverity.Notice, null)]
    [InlineData(79, AlarmSeverity.Notice, AlarmSeverity.Notice)]
    [InlineData(88, AlarmSeverity.Critical, AlarmSeverity.Critical)]
    [InlineData(87, AlarmSeverity.Critical, AlarmSeverity.Warning)]
    public void Of_Level_CallsForASeverityAndIsSlowToTakeItBack(int percent, AlarmSeverity? raised, AlarmSeverity? wanted) =>
        Assert.Equal(wanted, FillLevel.Of(percent, 100, raised));

    [Fact]
    public void Of_NoCapacity_IsNoAlarm() => Assert.Null(FillLevel.Of(1, 0, null));
}
