using System.Text;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    // The last six digits of RFC 6238, appendix B, SHA-1.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Code_VectorsOfTheStandard_AreMet(long seconds, string code) => Assert.Equal(code, Totp.Code(Secret, seconds / 30));

    // RFC 4648, 10, without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_VectorsOfTheStandard_AreMet(string text, string encoded) => Assert.Equal(encoded, Totp.Base32(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Accept_NeighbouringSteps_AreTheOnlyOthers(int away, bool accepted)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(3000);
        Assert.Equal(accepted, Totp.Accept(Secret, Totp.Code(Secret, 100 + away), now, lastStep: 0) == 100 + away);
    }

    [Fact]
    public void Accept_UsedStepOrOneBefore_IsRefused()
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(3000);
        Assert.Null(Totp.Accept(Secret, Totp.Code(Secret, 100), now, lastStep: 100));
        Assert.Null(Totp.Accept(Secret, Totp.Code(Secret, 99), now, lastStep: 100));
        Assert.Equal(101, Totp.Accept(Secret, Totp.Code(Secret, 101), now, lastStep: 100));
    }
}
