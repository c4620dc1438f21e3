using System.Net;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>What the screen of an appliance says.</summary>
public sealed class ConsoleScreenTests
{
    private static readonly IPAddress[] Addresses = [IPAddress.Parse("10.0.0.5")];

    [Fact]
    public void Screen_BeforeAnything_SaysThatItStarts()
    {
        string text = ConsoleScreen.Text(status: null, []);
        Assert.Contains("starting", text, StringComparison.Ordinal);
        Assert.Contains("network cable", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Screen_OfAPendingUnit_HasTheShortCodeToCompare()
    {
        string text = ConsoleScreen.Text(UnitStatus.Beginning with { Phase = "pending", Name = "unit-1", ShortCode = "ABCD-EFGH", Station = new Uri("https://10.0.0.1:8443") }, Addresses);
        Assert.All(["unit-1", "10.0.0.5", "https://10.0.0.1:8443", "ABCD-EFGH", "compare the short code"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Screen_OfAnAgentThatEnded_SaysWhy()
    {
        string text = ConsoleScreen.Text(UnitStatus.Beginning with { Failure = "The token is not known to the station." }, Addresses);
        Assert.Contains("waiting, and trying again: The token is not known to the station.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "ready")]
    [InlineData(false, true, "the station is not within reach")]
    [InlineData(true, false, "the block server is down")]
    public void Screen_OfAMember_SaysWhatItServes(bool linked, bool served, string said) =>
        Assert.Contains(said, ConsoleScreen.Text(UnitStatus.Beginning with { Phase = "admitted", Linked = linked, BlockServerRunning = served }, Addresses), StringComparison.Ordinal);

    [Fact]
    public void Screen_WithConditions_NamesEach()
    {
        UnitStatus status = UnitStatus.Beginning with { Phase = "admitted", Configuration = new ConfigurationStatus(1, 1, [new UnitCondition("disk-missing", "Plug the disk in.")]) };
        Assert.Contains("Plug the disk in.", ConsoleScreen.Text(status, Addresses), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_WithoutAUnit_DrawsOnceAndEndsWhenAsked()
    {
        using CancellationTokenSource stop = new();
        await using StringWriter screen = new();
        Task drawing = new ConsoleScreen("/nonexistent", () => Addresses, TimeProvider.System, screen).RunAsync(stop.Token);
        await stop.CancelAsync();
        await drawing;
        Assert.Equal(1, screen.ToString().Split("\e[2J").Length - 1);
        Assert.DoesNotContain('\n', screen.ToString().Replace("\r\n", string.Empty, StringComparison.Ordinal));
    }
}
