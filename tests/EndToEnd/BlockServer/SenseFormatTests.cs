using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>D_SENSE over a socket: one host sets it, and the sense of every host has the other format.</summary>
public sealed class SenseFormatTests
{
    private static readonly byte[] ControlPage = [0x1A, 0x08, 0x0A, 0, 0xFF, 0], SelectControl = [0x15, 0x10, 0, 0, 16, 0];
    private static readonly byte[] UnknownPage = [0x12, 0x01, 0xC0, 0x01, 0, 0];

    [Fact]
    public async Task DescriptorSense_SetByOneHost_IsWhatTheOtherGets()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession first = await IscsiSession.LoginAsync(setup.Access());
        await using IscsiSession second = await IscsiSession.LoginAsync(setup.Access());
        Assert.Equal("70000500", Start(await second.ExecuteAsync(UnknownPage, 256)));

        byte[] list = (await first.ExecuteAsync(ControlPage, 16)).Data;
        (list[0], list[2], list[6]) = (0, 0, 0x04);
        Assert.Equal(ScsiResult.Good, (await first.ExecuteAsync(SelectControl, 0, list)).Status);
        ScsiResult refused = await second.ExecuteAsync(UnknownPage, 256);
        Assert.Equal("72052400" + "00000008" + "02060000C0000200", Convert.ToHexString(refused.Sense));
        Assert.Equal(5, refused.SenseKey);
    }

    private static string Start(ScsiResult result) => Convert.ToHexString(result.Sense[..4]);
}
