using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>What the initiator expected against what was moved (RFC 7143, 11.4.5), where the two have nothing to do with each other.</summary>
public sealed class ResidualTests
{
    private const string Read2Blocks = "28 00 00000000 00 0002 00";
    private const string Write2Blocks = "2A 00 00000000 00 0002 00";
    private const byte Final = 0x80, Read = 0x40, Write = 0x20;
    private const byte Immediate = 0x40;
    private const byte Good = 0x00, TaskSetFull = 0x28;
    private const byte Underflow = 0x82, Overflow = 0x84, Neither = 0x80;

    [Theory, Trait("clause", "RFC 7143, 11.4.5.1")]
    [InlineData(Write2Blocks, Read, 1024, Underflow, 1024)]
    [InlineData(Write2Blocks, Read, 4096, Underflow, 4096)]
    [InlineData(Read2Blocks, Write, 1024, Underflow, 1024)]
    [InlineData(Read2Blocks, Write, 512, Underflow, 512)]
    [InlineData(Write2Blocks, Write, 1024, Neither, 0)]
    [InlineData(Write2Blocks, 0, 0, Overflow, 1024)]
    public void Command_WithADirection_OwesWhatWentTheOtherWay(string cdb, byte direction, int expected, byte flags, int residual)
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Command(cdb, (byte)(Final | direction), (uint)expected, (direction & Write) != 0 ? new byte[expected] : null);
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal((0x21, Good, flags, (uint)residual), (answer.Opcode, answer.Header[3], answer.Header[1], answer.U32(44)));
    }

    [Theory, Trait("clause", "RFC 7143, 11.4.5.1")]
    [InlineData(Read, 1024, Underflow, 1024)]
    [InlineData(Write, 1024, Underflow, 1024)]
    [InlineData(0, 1024, Neither, 0)]
    [InlineData(0, 0, Neither, 0)]
    public void Command_ThatFindsNoSlot_OwesOnlyWhatItAnnounced(byte direction, int expected, byte flags, int residual)
    {
        TestInitiator host = Full();
        host.Command(Read2Blocks, (byte)(Final | direction), (uint)expected);
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal((0x21, TaskSetFull, flags, (uint)residual), (answer.Opcode, answer.Header[3], answer.Header[1], answer.U32(44)));
    }

    /// <summary>Immediate commands that wait for the volume hold every slot of the ring; the window itself is still open.</summary>
    private static TestInitiator Full()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Volume.Hold = true;
        for (int slot = 0; slot < TestInitiator.Slots; slot++)
        {
            byte[] header = host.CommandHeader(Read2Blocks, Final | Read, 1024);
            header[0] |= Immediate;
            host.CmdSN--;
            host.Feed(header);
        }

        Assert.Empty(host.Receive());
        return host;
    }
}
