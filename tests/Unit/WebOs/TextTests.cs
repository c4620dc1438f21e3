using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Text;
using Xunit;

namespace VSan.Tests.Unit.WebOs;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0 B"), InlineData(1023, "1023 B"), InlineData(1024, "1 KiB"), InlineData(1L << 36, "64 GiB"), InlineData(3L << 39, "1.5 TiB")]
    [InlineData((1L << 40) - 1, "1023 GiB"), InlineData(1L << 62, "4 EiB")]
    public void ByteSize_Any_IsShortAndNeverRoundedUp(long bytes, string expected) => Assert.Equal(expected, new ByteSize(bytes).ToString());

    [Theory]
    [InlineData(0, 0, 0), InlineData(999, 1000, 99), InlineData(1000, 1000, 100), InlineData(2, 1, 100), InlineData(-1, 1, 0), InlineData(long.MaxValue - 1, long.MaxValue, 99)]
    public void Share_Any_IsWithinBoundsAndRoundedDown(long part, long whole, int expected) => Assert.Equal(expected, new Portion(part, whole).Percent);

    [Theory]
    [InlineData(0, "just now"), InlineData(59, "59 s ago"), InlineData(60, "1 min ago"), InlineData(7200, "2 h ago"), InlineData(200_000, "2 d ago"), InlineData(-5, "just now")]
    public void Age_Any_IsItsLargestWholeUnit(int seconds, string expected) =>
        Assert.Equal(expected, Age.Between(SamplePages.Now, SamplePages.Now.AddSeconds(seconds)).Ago);

    [Fact]
    public void Age_FractionOfASecond_IsNotSaidOfThePast() => Assert.Equal("6 s ago", new Age(TimeSpan.FromSeconds(6.7)).Ago);

    [Theory]
    [InlineData("64", "GiB", 64L << 30), InlineData("1.5", "TiB", 3L << 39), InlineData("1", "MiB", 1L << 20)]
    public void FormValues_ReadableSize_IsInBytes(string size, string unit, long expected)
    {
        FormValues values = Values(("size", size), ("size-unit", unit));
        Assert.Equal(expected, values.Size("size", "/sizeBytes"));
        values.RequireReadable();
    }

    [Theory]
    [InlineData("", "GiB"), InlineData("x", "GiB"), InlineData("-1", "GiB"), InlineData("0", "GiB"), InlineData("1e3", "GiB"), InlineData("9999999999", "TiB"), InlineData("1", "XiB")]
    public void FormValues_UnreadableSize_NamesTheField(string size, string unit)
    {
        FormValues values = Values(("size", size), ("size-unit", unit));
        values.Size("size", "/sizeBytes");
        Assert.Equal("/sizeBytes", Assert.Single(Assert.Throws<ProblemException>(values.RequireReadable).Fields!).Pointer);
    }

    [Theory]
    [InlineData("db-01", true), InlineData("db-01 ", false), InlineData("DB-01", false), InlineData("", false)]
    public void FormValues_TypedName_MustBeExact(string typed, bool fits)
    {
        Exception? refusal = Record.Exception(() => Values(("confirm", typed)).RequireTyped("db-01"));
        Assert.Equal(fits, refusal is null);
    }

    private static FormValues Values(params (string Name, string Value)[] fields) =>
        new(new FormCollection(fields.ToDictionary(field => field.Name, field => new StringValues(field.Value))));
}
