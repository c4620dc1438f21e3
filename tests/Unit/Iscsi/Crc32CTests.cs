using System.Numerics;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

public sealed class Crc32CTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(48)]
    [InlineData(4079)]
    [InlineData(4080)]
    [InlineData(4096)]
    [InlineData(4101)]
    [InlineData(65536)]
    [InlineData(262147)]
    public void Append_AnyLength_IsWhatOneByteAfterTheOtherGives(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        uint expected = VSan.Iscsi.Crc32C.Seed;
        foreach (byte one in bytes) expected = BitOperations.Crc32C(expected, one);

        Assert.Equal(expected, VSan.Iscsi.Crc32C.Append(VSan.Iscsi.Crc32C.Seed, bytes));
        int cut = length / 3;
        Assert.Equal(expected, VSan.Iscsi.Crc32C.Append(VSan.Iscsi.Crc32C.Append(VSan.Iscsi.Crc32C.Seed, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }

    /// <summary>The example of RFC 7143, Appendix A.5: 32 bytes of zeroes, of ones, rising, falling.</summary>
    [Fact]
    public void Write_ExamplesOfTheStandard_AreOnTheWireAsItSays()
    {
        byte[] rising = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
        Assert.Equal("aa36918a", Digest(new byte[32]));
        Assert.Equal("43aba862", Digest([.. Enumerable.Repeat((byte)0xff, 32)]));
        Assert.Equal("4e79dd46", Digest(rising));
        Assert.Equal("5cdb3f11", Digest([.. Enumerable.Reverse(rising)]));
    }

    private static string Digest(byte[] bytes)
    {
        byte[] wire = new byte[4];
        VSan.Iscsi.Crc32C.Write(wire, VSan.Iscsi.Crc32C.Append(VSan.Iscsi.Crc32C.Seed, bytes));
        return Convert.ToHexStringLower(wire);
    }
}
