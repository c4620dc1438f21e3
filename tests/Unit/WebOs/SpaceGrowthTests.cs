using VSan.Contracts.Api;
using VSan.WebOs.Apps.Overview;
using Xunit;

namespace VSan.Tests.Unit.WebOs;

public sealed class SpaceGrowthTests
{
    private const long Gib = 1L << 30;

    [Theory]
    [InlineData(30, 10, "days to full are known after an hour")]
    [InlineData(120, 0, "not growing")]
    [InlineData(120, -5, "not growing")]
    [InlineData(120, 10, "full in 10 days at today's growth")]
    [InlineData(120, 2400, "full in less than a day")]
    [InlineData(120, 0.01, "full in more than 999 days")]
    public void Words_OfAHistory_SayWhenThePoolIsFull(int minutes, double gibPerDay, string words)
    {
        ActivityPoint first = SamplePages.Activity.Points[0] with { UsedBytes = 100 * Gib };
        ActivityPoint last = first with { At = first.At.AddMinutes(minutes), UsedBytes = first.UsedBytes + (long)(gibPerDay * Gib * minutes / 1440) };
        Assert.Equal(words, SpaceGrowth.Of(new("pool", "pool", 60, [first, last]), 100 * Gib).Words);
    }
}
