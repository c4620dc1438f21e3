using VSan.Contracts;
using VSan.Images;
using VSan.Tests.ControlPlane.UnitAgent;
using Xunit;

namespace VSan.Tests.ControlPlane.Images;

/// <summary>What a file must be to be an image that may be used.</summary>
public sealed class ImageFileTests : IDisposable
{
    private readonly SignedImage _images = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _images.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Inspect_SignedImage_SaysWhatItIs()
    {
        byte[] file = _images.Make("1.2.3");

        ImageFile image = Inspect(file);

        Assert.Equal(("1.2.3", "test key", "quiet panic=10"), (image.Version.Text, image.Signer, image.CommandLine));
        Assert.Equal((SignedImage.DigestOf(file), file.Length), (image.Digest, image.SizeBytes));
        Assert.Equal((1000L, 200_000L), (image.Linux.LengthBytes, image.Initrd.LengthBytes));
    }

    [Fact]
    public void Inspect_AnyByteOfTheContentChanged_IsRefused()
    {
        byte[] file = _images.Make("1.2.3");
        // The headers, each section, and what fills them up.
        foreach (int at in (int[])[2, 130, 300, 400, 1024, 1100, 1600, 2100, 3000, 100_000, 202_000])
        {
            byte[] changed = [.. file];
            changed[at] ^= 1;
            Assert.Throws<ImageRefusedException>(() => Inspect(changed));
        }
    }

    [Fact]
    public void Inspect_AnyByteOfTheSignatureChanged_IsRefused()
    {
        byte[] file = _images.Make("1.2.3", payloadBytes: 1000);
        int end = file.Length - 8;
        int refused = 0, tried = 0;
        for (int at = file.Length - 700; at < end; at += 7)
        {
            byte[] changed = [.. file];
            changed[at] ^= 0x10;
            tried++;
            try
            {
                // What is in no digest: the certificate that comes with it, which nobody reads, and who it says that signed.
                Assert.Equal("test key", Inspect(changed).Signer);
            }
            catch (ImageRefusedException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, tried / 2, tried);
    }

    [Fact]
    public void Inspect_SignedByAStranger_IsRefused()
    {
        using SignedImage stranger = new();
        ImageRefusedException refusal = Assert.Throws<ImageRefusedException>(() => Inspect(stranger.Make("1.2.3")));
        Assert.Equal("Nobody who is believed here signed it.", refusal.Message);
    }

    [Fact]
    public void Inspect_OfSomethingElse_IsRefused() =>
        Assert.Contains("something else", Assert.Throws<ImageRefusedException>(() => Inspect(_images.Make("1.2.3", id: "other"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Inspect_CutOffOrLonger_IsRefused()
    {
        byte[] file = _images.Make("1.2.3");
        foreach (int length in (int[])[0, 1, 64, 200, 1000, 5000, file.Length - 1]) Assert.Throws<ImageRefusedException>(() => Inspect(file[..length]));
        Assert.Throws<ImageRefusedException>(() => Inspect([.. file, 0]));
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("0.1.0")]
    [InlineData("2026.11.29.1")]
    public void Version_NumbersAndDots_IsOne(string text) => Assert.True(ImageVersion.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("1.")]
    [InlineData("01.2")]
    [InlineData("1.2-rc1")]
    [InlineData("1+3")]
    [InlineData("../1")]
    public void Version_AnythingElse_IsNone(string text) => Assert.False(ImageVersion.TryParse(text, out _));

    [Fact]
    public void Version_Order_IsThatOfNumbers()
    {
        string[] ordered = ["0.1", "0.1.1", "0.2", "0.10", "1.0"];
        Assert.Equal(ordered, ordered.Reverse().Select(Parse).Order().Select(version => version.Text));
    }

    internal static ImageVersion Parse(string text) => ImageVersion.TryParse(text, out ImageVersion? version) ? version : throw new ArgumentException(text);

    private ImageFile Inspect(byte[] file) => ImageFile.Inspect(new MemoryStream(file), _images.Signers(_directory.Path));
}
