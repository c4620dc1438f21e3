using System.Net.Sockets;
using System.Text;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>
/// Bytes that no honest initiator sends end or reject at most their own connection, while another session's verified I/O goes on and
/// newcomers are served.
/// </summary>
public sealed class MalformedPduTests(BusyBlockServer busy) : IClassFixture<BusyBlockServer>
{
    private const byte ScsiCommandPdu = 0x01;
    private const byte TextRequest = 0x04;
    private const byte DataOut = 0x05;
    private const byte LoginRequest = 0x43;

    private static readonly Dictionary<string, Func<byte[]>> BeforeLogin = new()
    {
        ["a SCSI command"] = () => new IscsiPdu(ScsiCommandPdu, 0xc1) { InitiatorTaskTag = 1 }.ToBytes(),
        ["a NOP-Out"] = () => new IscsiPdu(0x00) { InitiatorTaskTag = 1, TargetTransferTag = IscsiPdu.NoTag }.ToBytes(),
        ["a Data-Out"] = () => new IscsiPdu(DataOut) { Data = new byte[512] }.ToBytes(),
        ["an unknown opcode"] = () => new IscsiPdu(0x1f).ToBytes(),
        ["random bytes"] = () => RandomBytes(16384),
        ["a login whose data segment is 16 MiB"] = () => new IscsiPdu(LoginRequest, 0x81).ToBytes(declaredLength: 0xffffff),
        ["a login with 255 words of additional header"] = () => [.. new IscsiPdu(LoginRequest, 0x81).ToBytes(additionalWords: 255), .. new byte[1020]],
        ["a login without an initiator name"] = () => Login("SessionType=Discovery\0"),
        ["a login with a key that has no value sign"] = () => Login("InitiatorName\0"),
        ["a login whose text has no end"] = () => Login("InitiatorName=" + new string('a', 4000)),
        ["a login with an initiator name of 4000 characters"] = () => Login("InitiatorName=iqn." + new string('a', 4000) + "\0SessionType=Discovery\0"),
        ["a login with control characters for a name"] = () => Login("InitiatorName=\u0001\u0002\u001b[2J\0SessionType=Discovery\0"),
        ["a login of a stage that does not exist"] = () => new IscsiPdu(LoginRequest, 0x80 | (2 << 2) | 2).ToBytes(),
        ["a login of another version"] = () => OtherVersion(),
        ["a login that goes on for ever"] = () => [.. Enumerable.Range(0, 40).SelectMany(_ => Login(new string('k', 7000) + "=v\0", flags: 0x40))],
    };

    private static readonly Dictionary<string, Func<byte[]>> ThenSilence = new()
    {
        ["nothing at all"] = () => [],
        ["half a header"] = () => new IscsiPdu(LoginRequest, 0x81).ToBytes()[..20],
        ["an additional header that does not come"] = () => new IscsiPdu(LoginRequest, 0x81).ToBytes(additionalWords: 255),
        ["a web request"] = () => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: target.example\r\nUser-Agent: somebody who is lost\r\n\r\n"),
    };

    private static readonly Dictionary<string, Action<IscsiSession>> AfterLogin = new()
    {
        ["a data segment longer than the target takes"] = session => session.SendRaw(session.Numbered(new IscsiPdu(ScsiCommandPdu, 0xa1)).ToBytes(declaredLength: 0xffffff)),
        ["an additional header that never comes whole"] = session => session.SendRaw([.. session.Numbered(new IscsiPdu(ScsiCommandPdu, 0xc1)).ToBytes(additionalWords: 255), .. new byte[1020]]),
        ["an additional header of length 0"] = session => session.SendRaw([.. session.Numbered(new IscsiPdu(ScsiCommandPdu, 0xc1)).ToBytes(additionalWords: 1), .. new byte[4]]),
        ["a Data-Out that nobody asked for"] = session => session.SendRaw(new IscsiPdu(DataOut) { InitiatorTaskTag = 0x1234, TargetTransferTag = 0x5678, Data = new byte[4096] }.ToBytes()),
        ["an unknown opcode"] = session => session.SendRaw(session.Numbered(new IscsiPdu(0x1f)).ToBytes()),
        ["a login request"] = session => session.SendRaw(Login("InitiatorName=iqn.2026-11.io.example:again\0")),
        ["a PDU that only targets send"] = session => session.SendRaw(new IscsiPdu(0x25) { Data = new byte[64] }.ToBytes()),
        ["text without an equals sign"] = session => session.SendRaw(session.Numbered(new IscsiPdu(TextRequest) { TargetTransferTag = IscsiPdu.NoTag, Data = "SendTargets\0"u8.ToArray() }).ToBytes()),
        ["text that answers a question nobody asked"] = session => session.SendRaw(session.Numbered(new IscsiPdu(TextRequest) { TargetTransferTag = 0x77 }).ToBytes()),
        ["a command far outside the window"] = session =>
        {
            IscsiPdu pdu = session.Numbered(new IscsiPdu(ScsiCommandPdu, 0x81));
            pdu[24] += 1_000_000;
            session.SendRaw(pdu.ToBytes());
        },
        ["immediate data with a command that only reads"] = session => session.SendRaw(session.Numbered(new IscsiPdu(ScsiCommandPdu, 0xc1) { Data = new byte[512] }).ToBytes()),
        ["more immediate data than the command transfers"] = session => session.SendRaw(Write(session, expected: 512, immediate: 4096)),
        ["a write of 16 MiB whose data never comes"] = session => session.SendRaw(Write(session, expected: 16 << 20, immediate: 0)),
        ["an expected length of 4 GiB"] = session => session.SendRaw(Write(session, expected: uint.MaxValue, immediate: 0)),
        ["a task management function that does not exist"] = session => session.SendRaw(session.Numbered(new IscsiPdu(0x02, 0x80 | 0x7f)).ToBytes()),
        ["a SNACK"] = session => session.SendRaw(new IscsiPdu(0x10).ToBytes()),
        ["random bytes"] = session => session.SendRaw(RandomBytes(65536)),
    };

    public static TheoryData<string> BeforeLoginNames => [.. BeforeLogin.Keys];

    public static TheoryData<string> AfterLoginNames => [.. AfterLogin.Keys];

    [Theory]
    [MemberData(nameof(BeforeLoginNames))]
    public async Task BeforeLogin_TheConnectionIsClosed_OthersGoOn(string name)
    {
        using (Socket socket = new(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(busy.Setup.Portal);
            await using NetworkStream stream = new(socket);
            Assert.True(await IsClosedAfterAsync(stream, BeforeLogin[name]()), "the connection stays open");
        }

        await OthersGoOnAsync();
    }

    [Theory]
    [MemberData(nameof(AfterLoginNames))]
    public async Task AfterLogin_AtMostTheOwnConnectionEnds_OthersGoOn(string name)
    {
        await using (IscsiSession session = await IscsiSession.LoginAsync(busy.Setup.Access()))
        {
            AfterLogin[name](session);

            // It is closed, rejected, or ignored where the standard says so; in every case the answer is there in finite time.
            Task ping = session.PingAsync();
            await Task.WhenAny(ping, session.Closed).WaitAsync(Eventually.Patience);
            if (session.Closed.IsCompleted) await Assert.ThrowsAsync<IOException>(() => ping);
        }

        await OthersGoOnAsync();
    }

    [Fact]
    public async Task BeforeLogin_Silence_IsClosedInFiniteTime()
    {
        await Task.WhenAll(ThenSilence.Select(async beginning =>
        {
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(busy.Setup.Portal);
            await using NetworkStream stream = new(socket);
            Assert.True(await IsClosedAfterAsync(stream, beginning.Value()), $"{beginning.Key}, then silence: the connection stays open");
        }));
        await OthersGoOnAsync();
    }

    private static async Task<bool> IsClosedAfterAsync(NetworkStream stream, byte[] bytes)
    {
        using CancellationTokenSource deadline = new(Eventually.Patience);
        byte[] answer = new byte[65536];
        try
        {
            await stream.WriteAsync(bytes, deadline.Token);
            while (await stream.ReadAsync(answer, deadline.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static byte[] Login(string text, byte flags = 0x81) =>
        new IscsiPdu(LoginRequest, flags) { InitiatorTaskTag = 1, Data = Encoding.ASCII.GetBytes(text) }.ToBytes();

    private static byte[] OtherVersion()
    {
        IscsiPdu pdu = new(LoginRequest, 0x81) { Data = "InitiatorName=iqn.2026-11.io.example:new\0SessionType=Discovery\0"u8.ToArray() };
        pdu.Header[2] = 9;
        pdu.Header[3] = 9;
        return pdu.ToBytes();
    }

    private static byte[] Write(IscsiSession session, uint expected, int immediate)
    {
        IscsiPdu pdu = session.Numbered(new IscsiPdu(ScsiCommandPdu, 0xa1) { Data = new byte[immediate] });
        pdu[20] = expected;
        ScsiCommand.Write(0, (int)Math.Min(expected / 512, 32768)).CopyTo(pdu.Header, 32);
        return pdu.ToBytes();
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(20261122).NextBytes(bytes);
        return bytes;
    }

    private async Task OthersGoOnAsync()
    {
        Assert.True(busy.Server.Process.Running, busy.Server.Process.Output);
        await busy.Bystander.ProgressAsync(20);
        Assert.Empty(busy.Bystander.Failures);
        Assert.Equal(0, busy.Bystander.Reconnects);
        await using IscsiSession newcomer = await IscsiSession.LoginAsync(busy.Setup.Access());
        Assert.Equal(ScsiResult.Good, (await newcomer.ExecuteAsync(ScsiCommand.Read(0, 8), 4096)).Status);
    }
}
