using System.Text;
using VSan.Client;
using VSan.Contracts.Enrolment;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary><c>vsan image flash</c>: what the unit is told is in the copy, and nothing of value is lost unasked.</summary>
public sealed class ImageCommandTests : CommandTestBase
{
    private const string Ca = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const int RoomAt = (1 << 20) + 512;
    private const int ImageBytes = 6 << 20;

    [Fact]
    public async Task Flash_ToANewFile_FillsInWhatTheUnitIsTold()
    {
        EnrolmentToken token = EnrolmentToken.Create();
        await File.WriteAllTextAsync(PathOf("token"), token.Reveal());
        string image = Image();

        Assert.Equal(0, await RunAsync("image", "flash", "--image", image, "--to", PathOf("copy.img"), "--station", "https://10.0.0.2:8443", "--ca", Ca, "--token-file", PathOf("token")));

        byte[] made = await File.ReadAllBytesAsync(image), copy = await File.ReadAllBytesAsync(PathOf("copy.img"));
        string said = Encoding.ASCII.GetString(copy, RoomAt, UnitConfigurationFile.SizeBytes);
        Assert.Equal(["station = https://10.0.0.2:8443", $"ca = {Ca}", $"token = {token.Reveal()}"], said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[1..]);
        Assert.Equal(made.AsSpan(0, RoomAt), copy.AsSpan(0, RoomAt));
        Assert.Equal(made.AsSpan(RoomAt + UnitConfigurationFile.SizeBytes), copy.AsSpan(RoomAt + UnitConfigurationFile.SizeBytes));
    }

    [Fact]
    public async Task Flash_ToAFileThatExists_NeedsOverwrite()
    {
        await File.WriteAllTextAsync(PathOf("copy.img"), "precious");
        string[] command = ["image", "flash", "--image", Image(), "--to", PathOf("copy.img")];

        Assert.Equal((int)ExitCode.Usage, await RunAsync(command));
        Assert.Equal("precious", await File.ReadAllTextAsync(PathOf("copy.img")));
        Assert.Contains("--overwrite", Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync([.. command, "--overwrite"]));
    }

    [Theory]
    [InlineData("--station", "http://10.0.0.2")]
    [InlineData("--ca", "md5:1")]
    public async Task Flash_WhatTheUnitCouldNotRead_IsRefusedBeforeAnythingIsWritten(string option, string value)
    {
        Assert.Equal((int)ExitCode.Usage, await RunAsync("image", "flash", "--image", Image(), "--to", PathOf("copy.img"), option, value));
        Assert.False(File.Exists(PathOf("copy.img")));
    }

    [Fact]
    public async Task Flash_TokenWithoutCa_IsRefused()
    {
        await File.WriteAllTextAsync(PathOf("token"), EnrolmentToken.Create().Reveal());
        Assert.Equal((int)ExitCode.Usage, await RunAsync("image", "flash", "--image", Image(), "--to", PathOf("copy.img"), "--token-file", PathOf("token")));
    }

    [Fact]
    public async Task Flash_OfSomethingElse_SaysSo()
    {
        await File.WriteAllBytesAsync(PathOf("other.img"), new byte[ImageBytes]);
        Assert.Equal((int)ExitCode.Usage, await RunAsync("image", "flash", "--image", PathOf("other.img"), "--to", PathOf("copy.img")));
        await File.WriteAllBytesAsync(PathOf("packed.zst"), [0x28, 0xB5, 0x2F, 0xFD, 0]);
        Assert.Equal((int)ExitCode.Usage, await RunAsync("image", "flash", "--image", PathOf("packed.zst"), "--to", PathOf("copy.img")));
        Assert.Contains("zstd -d", Error.ToString(), StringComparison.Ordinal);
    }

    [LoopFact]
    public async Task Flash_ToADiskWithContent_NeedsOverwrite_AndToAMountedOneIsRefusedAllTheSame()
    {
        await File.WriteAllBytesAsync(PathOf("disk"), new byte[ImageBytes * 8]);
        await using LoopDevice disk = await LoopDevice.AttachAsync(PathOf("disk"));
        string[] command = ["image", "flash", "--image", Image(), "--to", disk.Path];
        Assert.Equal(0, await RunAsync(command));
        Assert.Equal((int)ExitCode.Usage, await RunAsync(command));
        (await ToolRun.RunAsync("mkfs.ext4", ["-q", "-F", disk.Path])).Succeeded();
        string folder = Directory.CreateDirectory(PathOf("mount")).FullName;
        (await ToolRun.RunAsync("mount", [disk.Path, folder])).Succeeded();
        try
        {
            Assert.Equal((int)ExitCode.Usage, await RunAsync([.. command, "--overwrite"]));
            Assert.Contains("is in use", Error.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            (await ToolRun.RunAsync("umount", [folder])).Succeeded();
        }

        Assert.Equal(0, await RunAsync([.. command, "--overwrite"]));
    }

    private sealed class LoopFactAttribute : FactAttribute
    {
        public LoopFactAttribute() => Skip = LoopDevice.Missing;
    }

    private string Image()
    {
        byte[] image = new byte[ImageBytes];
        Random.Shared.NextBytes(image.AsSpan(0, 4096));
        Random.Shared.NextBytes(image.AsSpan(ImageBytes - 4096));
        UnitConfigurationFile.Format(station: null, authority: null, token: null).CopyTo(image.AsSpan(RoomAt));
        File.WriteAllBytes(PathOf("vsan-appliance.img"), image);
        return PathOf("vsan-appliance.img");
    }
}
