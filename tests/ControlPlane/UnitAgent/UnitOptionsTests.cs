using VSan.UnitAgent;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class UnitOptionsTests
{
    private static readonly string[] Complete =
    [
        "--state", "state", "--name", "unit-1", "--station", "https://127.0.0.1:8443", "--ca-fingerprint", "sha256:" + new string('a', 64),
        "--store", "store", "--portal", "127.0.0.1:3260", "--control", "control",
    ];

    /// <summary>Negative control of the refusals: nothing else is wrong with the line.</summary>
    [Fact]
    public void Parse_Complete_IsTaken()
    {
        UnitOptions options = UnitOptions.Parse([.. Complete, "--store", "other", "--store-limit", "4096"]);

        Assert.Equal(("unit-1", 2, 4096L), (options.Name, options.StorePaths.Count, options.StoreLimitBytes));
        Assert.Null(options.TokenFile);
    }

    [Theory]
    [InlineData("--state")]
    [InlineData("--portal")]
    [InlineData("--control")]
    public void Parse_OptionMissing_IsNamed(string option)
    {
        int index = Array.IndexOf(Complete, option);
        AssertRefused([.. Complete[..index], .. Complete[(index + 2)..]], $"{option} is missing.");
    }

    [Theory]
    [InlineData("--name", "Unit 1", "--name Unit 1")]
    [InlineData("--station", "http://127.0.0.1:8443", "https://ADDR:PORT")]
    [InlineData("--station", "127.0.0.1:8443", "https://ADDR:PORT")]
    [InlineData("--ca-fingerprint", "sha256:abc", "64 hexadecimal digits")]
    [InlineData("--portal", "127.0.0.1", "ADDR:PORT")]
    [InlineData("--portal", "target:3260", "ADDR:PORT")]
    public void Parse_ValueWrong_IsToldWhatIsWanted(string option, string value, string said)
    {
        string[] arguments = [.. Complete];
        arguments[Array.IndexOf(arguments, option) + 1] = value;
        AssertRefused(arguments, said);
    }

    [Theory]
    [InlineData("--stroe", "store", "--stroe is unknown.")]
    [InlineData("--name", "unit-2", "--name is given more than once.")]
    [InlineData("--store-limit", "8GiB", "a number of bytes")]
    [InlineData("store", "--more", "store: an option was expected.")]
    public void Parse_Added_IsRefused(string option, string value, string said) => AssertRefused([.. Complete, option, value], said);

    [Fact]
    public void Parse_LastValueMissing_IsNamed() => AssertRefused([.. Complete, "--token-file"], "--token-file: its value is missing.");

    private static void AssertRefused(string[] arguments, string said)
    {
        UnitFailure refusal = Assert.Throws<UnitFailure>(() => UnitOptions.Parse(arguments));

        Assert.Equal(2, (int)refusal.Code);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
