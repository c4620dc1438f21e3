using System.Net.Sockets;
using System.Text;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Peers that break off where it hurts: what they held is free again, and nobody else notices.</summary>
public sealed class HostilePeerTests(BusyBlockServer busy) : IClassFixture<BusyBlockServer>
{
    private const int WriteBytes = 64 * 1024;
    private const byte LoginRequest = 0x43;

    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(48 + 100)]
    [InlineData(48 + 8191)]
    public async Task Reset_InTheMiddleOfAPdu_LeavesNothingBehind(int sent)
    {
        using (Socket socket = await ConnectAsync())
        {
            await using NetworkStream stream = new(socket);
            IscsiLogin login = new(stream, busy.Setup.Access(), discovery: false);
            await login.RunAsync(CancellationToken.None);
            IscsiPdu write = Write(IscsiLogin.FirstCmdSN, login.ExpStatSN, immediate: 8192);
            await stream.WriteAsync(write.ToBytes().AsMemory(0, sent));
            Reset(socket);
        }

        await NothingLeftAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(int.MaxValue)]
    public async Task HalfClose_InTheMiddleOfALogin_EndsTheConnection(int sent)
    {
        using Socket socket = await ConnectAsync();
        await using NetworkStream stream = new(socket);
        byte[] text = Encoding.ASCII.GetBytes($"InitiatorName={BlockServerSetup.Initiator}\0TargetName={BlockServerSetup.Target}\0");
        byte[] pdu = new IscsiPdu(LoginRequest, 0x81) { InitiatorTaskTag = 1, Data = text }.ToBytes();
        await stream.WriteAsync(pdu.AsMemory(0, Math.Min(sent, pdu.Length)));
        socket.Shutdown(SocketShutdown.Send);
        await ReadToTheEndAsync(stream);
        await NothingLeftAsync();
    }

    [Fact]
    public async Task HalfClose_BehindARead_EndsTheSession()
    {
        using Socket socket = await ConnectAsync();
        await using NetworkStream stream = new(socket);
        IscsiLogin login = new(stream, busy.Setup.Access(), discovery: false);
        await login.RunAsync(CancellationToken.None);
        IscsiPdu read = new(0x01, IscsiPdu.Final | 0x40 | 0x01) { InitiatorTaskTag = 5 };
        (read[20], read[24], read[28]) = (1 << 20, IscsiLogin.FirstCmdSN, login.ExpStatSN);
        ScsiCommand.Read(0, (1 << 20) / 512).CopyTo(read.Header, 32);
        await stream.WriteAsync(read.ToBytes());
        socket.Shutdown(SocketShutdown.Send);
        await ReadToTheEndAsync(stream);
        await NothingLeftAsync();
    }

    [Fact]
    public async Task DataThatIsAskedForAndNeverComes_HoldsItsOwnSessionsBuffersOnly_AndALogoutEndsIt()
    {
        await using (IscsiSession session = await IscsiSession.LoginAsync(busy.Setup.Access()))
        {
            // More than the session's share of the buffers, and nearly the whole window.
            for (int i = 0; i < 100; i++) session.SendRaw(Write(session));
            await session.PingAsync();
            await using (IscsiSession other = await IscsiSession.LoginAsync(busy.Setup.Access()))
            {
                ScsiResult written = await other.ExecuteAsync(ScsiCommand.Write(0, 8192), write: new byte[4 << 20]);
                Assert.True(written.Status == ScsiResult.Good, written.ToString());
            }

            await session.LogoutAsync();
            await session.Closed.WaitAsync(Eventually.Patience);
        }

        await NothingLeftAsync();
    }

    [Fact]
    public async Task WindowOfZeroDuringALargeRead_ThenAReset_LeavesNothingBehind()
    {
        await using (DeafInitiator deaf = await DeafInitiator.LogInAsync(busy.Setup.Access()))
        {
            await deaf.AskForAsync(commands: 16, bytes: 4 << 20);
            await busy.Bystander.ProgressAsync(500);
            deaf.Reset();
        }

        await NothingLeftAsync();
    }

    private static byte[] Write(IscsiSession session)
    {
        IscsiPdu pdu = session.Numbered(new IscsiPdu(0x01, IscsiPdu.Final | 0x20 | 0x01));
        pdu[20] = WriteBytes;
        ScsiCommand.Write(0, WriteBytes / 512).CopyTo(pdu.Header, 32);
        return pdu.ToBytes();
    }

    private static IscsiPdu Write(uint cmdSN, uint expStatSN, int immediate)
    {
        IscsiPdu pdu = new(0x01, IscsiPdu.Final | 0x20 | 0x01) { InitiatorTaskTag = 7, Data = new byte[immediate] };
        (pdu[20], pdu[24], pdu[28]) = (WriteBytes, cmdSN, expStatSN);
        ScsiCommand.Write(0, WriteBytes / 512).CopyTo(pdu.Header, 32);
        return pdu;
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private static async Task ReadToTheEndAsync(NetworkStream stream)
    {
        using CancellationTokenSource deadline = new(Eventually.Patience);
        byte[] answer = new byte[65536];
        try
        {
            while (await stream.ReadAsync(answer, deadline.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset is as good an end.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(busy.Setup.Portal);
        return socket;
    }

    /// <summary>Only the bystander's session is there, it has gone on, and a newcomer gets as much as one session may.</summary>
    private async Task NothingLeftAsync()
    {
        await Eventually.TrueAsync("only the bystander is logged in", async () => (await busy.Server.InspectAsync()).Sessions.Count == 1);
        await busy.Bystander.ProgressAsync(20);
        Assert.Empty(busy.Bystander.Failures);
        Assert.Equal(0, busy.Bystander.Reconnects);
        await using IscsiSession newcomer = await IscsiSession.LoginAsync(busy.Setup.Access());
        Assert.Equal(ScsiResult.Good, (await newcomer.ExecuteAsync(ScsiCommand.Read(0, 8192), 4 << 20)).Status);
    }
}
