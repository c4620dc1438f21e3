using System.Net.Sockets;
using VSan.IscsiInitiator;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>An initiator that logs in, asks for much, and reads nothing of the answers.</summary>
internal sealed class DeafInitiator : IAsyncDisposable
{
    private const int ReceiveBufferBytes = 4096;
    private readonly NetworkStream _stream;
    private readonly int _lun;
    private readonly uint _expStatSN;
    private uint _cmdSN = IscsiLogin.FirstCmdSN;

    private DeafInitiator(NetworkStream stream, int lun, uint expStatSN) => (_stream, _lun, _expStatSN) = (stream, lun, expStatSN);

    public static async Task<DeafInitiator> LogInAsync(HostAccess access)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = ReceiveBufferBytes };
        await socket.ConnectAsync(access.Portal);
        NetworkStream stream = new(socket, ownsSocket: true);
        IscsiLogin login = new(stream, access, discovery: false);
        await login.RunAsync(CancellationToken.None);
        return new DeafInitiator(stream, access.Lun, login.ExpStatSN);
    }

    /// <summary>Sends READs, as many as the command window takes.</summary>
    public async Task AskForAsync(int commands, int bytes)
    {
        const int BlockBytes = 512;
        for (int i = 0; i < commands; i++)
        {
            IscsiPdu request = new(0x01, IscsiPdu.Final | 0x40 | 0x01) { Lun = _lun, InitiatorTaskTag = _cmdSN, TargetTransferTag = (uint)bytes };
            request[24] = _cmdSN++;
            request[28] = _expStatSN;
            ScsiCommand.Read(0, bytes / BlockBytes).CopyTo(request.Header, 32);
            await _stream.WriteAsync(request.ToBytes());
        }
    }

    /// <summary>Ends without a word: what it has not read is lost.</summary>
    public void Reset()
    {
        _stream.Socket.LingerState = new LingerOption(true, 0);
        _stream.Socket.Close();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
