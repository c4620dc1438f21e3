using System.Text;
using VSan.Iscsi;
using VSan.Iscsi.Chap;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>A secret and the one before it, while one takes the place of the other.</summary>
public sealed class ChapOverlapTests
{
    private const int Sha256 = 7;
    private const string Challenge = "0x00112233445566778899aabbccddeeff";

    private static readonly ChapSecret Host = new("host", "the new secret of 32 characters.") { FormerSecret = "the old secret of 32 characters." };
    private static readonly ChapSecret Target = new("unit", "the new answer of 32 characters.") { FormerSecret = "the old answer of 32 characters." };

    [Theory]
    [InlineData("the new secret of 32 characters.", "the new answer of 32 characters.")]
    [InlineData("the old secret of 32 characters.", "the old answer of 32 characters.")]
    public void Login_WithEitherSecret_IsAcceptedAndAnsweredByItsCounterpart(string secret, string answer)
    {
        ChapAuthenticator chap = new(Host, Target);
        Assert.True(chap.Accepts("host", Respond(chap, secret)));
        StringBuilder text = new();
        Assert.True(chap.TryProve("9", Challenge, text));
        Assert.True(ChapAuthenticator.TryDecodeBinary(Challenge, out byte[] challenge));
        Assert.Contains(Convert.ToHexStringLower(ChapAuthenticator.Respond(Sha256, 9, answer, challenge)), text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host", "a secret that never was one here")]
    [InlineData("other", "the old secret of 32 characters.")]
    public void Login_WithNeither_IsRefused(string userName, string secret)
    {
        ChapAuthenticator chap = new(Host, Target);
        Assert.False(chap.Accepts(userName, Respond(chap, secret)));
    }

    /// <summary>The control: once the former secret is gone, it proves nothing.</summary>
    [Fact]
    public void Login_WithTheFormerSecretAfterTheOverlap_IsRefused()
    {
        ChapAuthenticator chap = new(Host with { FormerSecret = null }, Target);
        Assert.False(chap.Accepts("host", Respond(chap, "the old secret of 32 characters.")));
    }

    private static string Respond(ChapAuthenticator chap, string secret)
    {
        StringBuilder text = new();
        Assert.True(chap.TryChallenge("7", text));
        Dictionary<string, string> keys = text.ToString().Split('\0', StringSplitOptions.RemoveEmptyEntries).ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=', 2)[1]);
        Assert.True(ChapAuthenticator.TryDecodeBinary(keys["CHAP_C"], out byte[] challenge));
        return "0x" + Convert.ToHexStringLower(ChapAuthenticator.Respond(Sha256, byte.Parse(keys["CHAP_I"], null), secret, challenge));
    }
}
