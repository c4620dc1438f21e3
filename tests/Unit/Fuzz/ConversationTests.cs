using System.Buffers.Binary;
using System.Text;
using VSan.Tests.Fuzz.Oracles;
using Xunit;

namespace VSan.Tests.Unit.Fuzz;

/// <summary>The negative control of the fuzzer's oracle: a target that breaks one rule is found, the same one without it is not.</summary>
public sealed class ConversationTests
{
    private const byte LoginRequest = 0x43, Command = 0x01, DataOut = 0x05;
    private const byte LoginResponse = 0x23, Response = 0x21, DataIn = 0x25, ReadyToTransfer = 0x31, Reject = 0x3F;
    private readonly Conversation _conversation = new(new SessionsSeen(), () => { });
    private uint _statSN = 1;

    public ConversationTests()
    {
        Send(Header(LoginRequest, 0x87, tag: 1));
        Receive(Header(LoginResponse, 0x87, tag: 1, at14: 1), "MaxBurstLength=512\0");
    }

    [Fact]
    public void Target_ThatKeepsTheRules_IsNotFound()
    {
        Send(Read(tag: 5, expected: 512));
        Receive(Header(DataIn, 0x81, tag: 5), new string('d', 512));
        Send(Write(tag: 6, expected: 512));
        Receive(Header(ReadyToTransfer, 0x80, tag: 6, word20: 7, word44: 512), borrowed: true);
        Send(Data(tag: 6, dataSN: 0));
        Receive(Header(Response, 0x80, tag: 6));
        _conversation.AssertNothingOwed(buffersScarce: false);
    }

    [Fact]
    public void Answer_ThatNobodyAsked_IsFound() => AssertFound(() => Receive(Header(Response, 0x80, tag: 9)));

    [Fact]
    public void Answer_GivenTwice_IsFound()
    {
        Send(Read(tag: 5, expected: 0));
        Receive(Header(Response, 0x80, tag: 5));
        AssertFound(() => Receive(Header(Response, 0x80, tag: 5)));
    }

    [Fact]
    public void Answer_ThatNeverComes_IsFound()
    {
        Send(Read(tag: 5, expected: 0));
        AssertFound(() => _conversation.AssertNothingOwed(buffersScarce: false));
    }

    [Fact]
    public void StatSN_ThatIsNotTheNext_IsFound()
    {
        Send(Read(tag: 5, expected: 0));
        _statSN++;
        AssertFound(() => Receive(Header(Response, 0x80, tag: 5)));
    }

    [Theory]
    [InlineData(0x81, 511, 0)]
    [InlineData(0x83, 512, 1)]
    [InlineData(0x87, 511, 1)]
    [InlineData(0x81, 512, 1)]
    public void Residual_ThatContradictsTheBytes_IsFound(byte flags, int bytes, uint residual)
    {
        Send(Read(tag: 5, expected: 512));
        AssertFound(() => Receive(Header(DataIn, flags, tag: 5, word44: residual), new string('d', bytes)));
    }

    [Fact]
    public void Good_BehindALostDataOut_IsFound()
    {
        Send(Write(tag: 6, expected: 512));
        Receive(Header(ReadyToTransfer, 0x80, tag: 6, word20: 7, word44: 512), borrowed: true);
        Send(Data(tag: 6, dataSN: 1));
        AssertFound(() => Receive(Header(Response, 0x80, tag: 6)));
    }

    [Theory]
    [InlineData(0xFFFFFFFF, 512)]
    [InlineData(7, 513)]
    [InlineData(7, 0)]
    public void ReadyToTransfer_BeyondTheBurstOrReserved_IsFound(uint transferTag, uint length)
    {
        Send(Write(tag: 6, expected: 4096));
        AssertFound(() => Receive(Header(ReadyToTransfer, 0x80, tag: 6, word20: transferTag, word44: length), borrowed: true));
    }

    [Fact]
    public void Reject_OfWhatWasNotSent_IsFound() => AssertFound(() => Receive(Header(Reject, 0x80, tag: uint.MaxValue), new string('x', 48)));

    [Fact]
    public void HalfAPdu_IsFound() => AssertFound(() => _conversation.OnReceived(new byte[47]));

    [Fact]
    public void Key_NamedTwiceInALogin_IsFound()
    {
        var other = new Conversation(new SessionsSeen(), () => { });
        other.OnSending(Header(LoginRequest, 0x87, tag: 1));
        byte[] answer = Header(LoginResponse, 0x87, tag: 1, at14: 1);
        byte[] text = "HeaderDigest=None\0HeaderDigest=None\0"u8.ToArray();
        answer[7] = (byte)text.Length;
        Assert.Throws<FindingException>(() => other.OnReceived([.. answer, .. text]));
    }

    private static void AssertFound(Action act) => Assert.Throws<FindingException>(act);

    private static byte[] Read(uint tag, uint expected) => Header(Command, expected > 0 ? (byte)0xC0 : (byte)0x80, tag, word20: expected);

    private static byte[] Write(uint tag, uint expected) => Header(Command, 0xA0, tag, word20: expected);

    private static byte[] Data(uint tag, uint dataSN)
    {
        byte[] header = Header(DataOut, 0x80, tag, word20: 7);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(36), dataSN);
        header[6] = 2;
        return [.. header, .. new byte[512]];
    }

    private static byte[] Header(byte opcode, byte flags, uint tag, ushort at14 = 0, uint word20 = 0, uint word44 = 0)
    {
        byte[] header = new byte[48];
        (header[0], header[1]) = (opcode, flags);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), at14);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), tag);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), word20);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(44), word44);
        return header;
    }

    private void Send(byte[] pdu)
    {
        if (pdu[0] == Command) BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(24), _conversation.NextCmdSN);
        _conversation.OnSending(pdu);
    }

    private void Receive(byte[] header, string data = "", bool borrowed = false)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(data);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), borrowed ? _statSN : _statSN++);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(28), _conversation.NextCmdSN);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(32), _conversation.NextCmdSN);
        _conversation.OnReceived([.. header, .. bytes, .. new byte[-bytes.Length & 3]]);
    }
}
