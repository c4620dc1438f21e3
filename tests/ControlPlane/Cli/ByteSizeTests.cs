using VSan.Client;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("10GiB", 10L << 30)]
    [InlineData("10 GiB", 10L << 30)]
    [InlineData("1.5TiB", 3L << 39)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("1kB", 1_000)]
    [InlineData("1KiB", 1_024)]
    [InlineData("2gib", 2L << 30)]
    [InlineData("4096", 4_096)]
    [InlineData("4096B", 4_096)]
    [InlineData("8191PiB", 8191L << 50)]
    public void TryParse_SizeWithUnit_IsBytes(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes, out string error), error);
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("", "not a size")]
    [InlineData("GiB", "not a size")]
    [InlineData("-1GiB", "not a size")]
    [InlineData("1.2.3GiB", "not a size")]
    [InlineData("10G", "ambiguous")]
    [InlineData("10 parsecs", "not a unit")]
    [InlineData("0GiB", "above 0")]
    [InlineData("1.5B", "whole number")]
    [InlineData("8192PiB", "more than any pool")]
    [InlineData("99999999999999999999999999999GiB", "not a size|more than any pool")]
    public void TryParse_Nonsense_SaysWhy(string text, string reason)
    {
        Assert.False(ByteSize.TryParse(text, out _, out string error));
        Assert.Matches(reason, error);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(10L << 30, "10 GiB")]
    [InlineData(1_500_000_000_000, "1.36 TiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Format_Bytes_AreReadable(long bytes, string expected) => Assert.Equal(expected, ByteSize.Format(bytes));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1_800)]
    [InlineData("3h", 10_800)]
    [InlineData("7d", 604_800)]
    public void Duration_NumberAndUnit_IsSeconds(string text, int seconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration, out string error), error);
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("h")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("1w")]
    [InlineData("999999d")]
    public void Duration_Nonsense_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _, out _));
}
