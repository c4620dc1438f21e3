using VSan.Station.Domain;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(10L << 40, "10 TiB")]
    [InlineData((24L << 30) - 1, "23.9 GiB")]
    [InlineData(long.MaxValue, "7.9 EiB")]
    public void Of_Bytes_IsRoundedDownInTheLargestUnit(long bytes, string text) => Assert.Equal(text, SizeText.Of(bytes));
}
