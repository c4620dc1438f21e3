using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace VSan.IscsiInitiator;

/// <summary>
/// A minimal initiator: a session by one of its connections, mostly the only one; commands pipelined within the CmdSN window, immediate data
/// and R2T. It can also send bytes that no honest initiator would.
/// </summary>
/// <remarks>One task sends and one receives, so that neither waits for the other when both directions are full.</remarks>
internal sealed partial class IscsiSession : IAsyncDisposable
{
    // A configuration may change again while a command is repeated, and each change is an attention of its own.
    private const int UnitAttentionsMax = 8;

    // A busy machine may be slow to answer; a target that does not answer at all is given up.
    private static readonly TimeSpan LoginPatience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly HostAccess _access;
    private readonly IscsiLogin _login;
    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<uint, PendingTask> _pending = new();
    private readonly CommandNumbers _numbers;
    private readonly int _immediateBytes;
    private readonly int _segmentBytes;
    private Task _tasks = Task.CompletedTask;
    private uint _expStatSN;
    private bool _ended;

    private IscsiSession(Socket socket, Stream stream, HostAccess access, IscsiLogin login, CommandNumbers numbers)
    {
        (_socket, _stream, _access, _login, _numbers, _expStatSN) = (socket, stream, access, login, numbers, login.ExpStatSN);
        _segmentBytes = Number("MaxRecvDataSegmentLength", 8192);
        _immediateBytes = login.Keys.GetValueOrDefault("ImmediateData") == "Yes" ? Math.Min(_segmentBytes, Number("FirstBurstLength", 65536)) : 0;
    }

    /// <summary>Ends when the connection does, for whatever reason.</summary>
    public Task Closed => _tasks;

    /// <summary>True as soon as no further command can be answered.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_numbers.Gate) return _ended;
        }
    }

    /// <summary>Reject PDUs that the target sent (RFC 7143, 11.17), by reason.</summary>
    public ConcurrentQueue<byte> Rejects { get; } = [];

    /// <summary>Asynchronous messages that the target sent (RFC 7143, 11.9), by event code.</summary>
    public ConcurrentQueue<byte> AsynchronousEvents { get; } = [];

    public IReadOnlyDictionary<string, string> Keys => _login.Keys;

    public static Task<IscsiSession> LoginAsync(HostAccess access, bool discovery = false, CancellationToken cancellation = default) =>
        ConnectAsync(access, stream => new IscsiLogin(stream, access, discovery), numbers: null, cancellation);

    /// <summary>Logs in one more connection of this session (RFC 7143, 6.2).</summary>
    /// <param name="connectionId">CID; that of a connection which is there replaces it.</param>
    /// <param name="access">By default as the leading one; another portal, or digests of its own.</param>
    public Task<IscsiSession> JoinAsync(ushort connectionId, HostAccess? access = null) =>
        ConnectAsync(access ?? _access, stream => new IscsiLogin(stream, access ?? _access, discovery: false, _login, connectionId), _numbers, CancellationToken.None);

    /// <summary>Sends one command and waits for its end. A unit attention is none: the command is sent again, as a host's initiator does (SAM-5, 5.14).</summary>
    public async Task<ScsiResult> ExecuteAsync(byte[] cdb, int readBytes = 0, ReadOnlyMemory<byte> write = default)
    {
        for (int attention = 0; ; attention++)
        {
            ScsiResult result = await ExecuteOnceAsync(cdb, readBytes, write);
            if (result.SenseKey != ScsiResult.UnitAttention || attention == UnitAttentionsMax) return result;
        }
    }

    public async Task<ScsiResult> ExecuteOnceAsync(byte[] cdb, int readBytes, ReadOnlyMemory<byte> write) =>
        await (await StartAsync(cdb, readBytes, write)).Result;

    /// <summary>Sends one command.</summary>
    /// <returns>What names it in a task management function, and its end.</returns>
    public async Task<StartedCommand> StartAsync(byte[] cdb, int readBytes, ReadOnlyMemory<byte> write)
    {
        byte flags = (byte)(IscsiPdu.Final | (readBytes > 0 ? 0x40 : 0) | (write.Length > 0 ? 0x20 : 0) | 0x01);
        IscsiPdu request = new(0x01, flags) { Lun = _access.Lun, Data = write[..Math.Min(write.Length, _immediateBytes)].ToArray() };
        request[20] = (uint)Math.Max(readBytes, write.Length);
        cdb.CopyTo(request.Header, 32);
        PendingTask pending = new(new byte[readBytes], write);
        await SubmitAsync(request, pending);
        return new StartedCommand(request.InitiatorTaskTag, EndAsync(pending));
    }

    /// <summary>Asks for a task management function (RFC 7143, 11.5) and returns the response, 0 when it is complete.</summary>
    public async Task<byte> ManageTasksAsync(TaskFunction function, uint referencedTag = IscsiPdu.NoTag)
    {
        IscsiPdu request = new(0x42, (byte)(IscsiPdu.Final | (byte)function)) { Lun = _access.Lun, TargetTransferTag = referencedTag };
        PendingTask pending = new([], default);
        lock (_numbers.Gate)
        {
            if (_ended) throw new IOException("The connection has ended.");
            request.InitiatorTaskTag = _numbers.TakeTag();
            _pending[request.InitiatorTaskTag] = pending;
            request[24] = _numbers.CmdSN;
            request[28] = _expStatSN;
            request[32] = _numbers.CmdSN;
            Send(request);
        }

        return (await pending.Answer).Header[2];
    }

    /// <summary>Asks for the targets that this initiator may see (RFC 7143, Appendix C).</summary>
    public async Task<string> SendTargetsAsync()
    {
        IscsiPdu request = new(0x04) { Data = "SendTargets=All\0"u8.ToArray(), TargetTransferTag = IscsiPdu.NoTag };
        return Encoding.ASCII.GetString((await AskAsync(request)).Data).Replace('\0', '\n');
    }

    public Task<IscsiPdu> PingAsync() => AskAsync(new IscsiPdu(0x00) { Data = "ping"u8.ToArray(), TargetTransferTag = IscsiPdu.NoTag });

    public Task LogoutAsync() => AskAsync(new IscsiPdu(0x06));

    /// <summary>Closes one connection of the session (RFC 7143, 11.14.1, reason 1).</summary>
    public Task LogoutConnectionAsync(ushort connectionId)
    {
        IscsiPdu request = new(0x06, IscsiPdu.Final | 0x01);
        request[20] = (uint)connectionId << 16;
        return AskAsync(request);
    }

    /// <summary>Sends bytes as they are, between whole PDUs.</summary>
    public void SendRaw(byte[] bytes) => _outgoing.Writer.TryWrite(bytes);

    /// <summary>A request with the next CmdSN that nobody waits for.</summary>
    public IscsiPdu Numbered(IscsiPdu pdu)
    {
        lock (_numbers.Gate)
        {
            pdu.InitiatorTaskTag = _numbers.TakeTag();
            pdu[24] = _numbers.TakeCmdSN();
            pdu[28] = _expStatSN;
            return pdu;
        }
    }

    /// <summary>Ends the connection at once; every command that waits fails.</summary>
    public void Drop() => _socket.Close();

    public async ValueTask DisposeAsync()
    {
        _socket.Close();
        await _tasks;
        await _stream.DisposeAsync();
    }

    private static async Task<IscsiSession> ConnectAsync(
        HostAccess access, Func<Stream, IscsiLogin> loginOn, CommandNumbers? numbers, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(LoginPatience);
            await socket.ConnectAsync(access.Portal, deadline.Token);
            NetworkStream stream = new(socket);
            IscsiLogin login = loginOn(stream);
            await login.RunAsync(deadline.Token);
            IscsiSession session = new(socket, stream, access, login, numbers ?? new CommandNumbers(login.MaxCmdSN));
            session._tasks = session.ServeAsync();
            return session;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private int Number(string key, int otherwise) => _login.Keys.TryGetValue(key, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static async Task<ScsiResult> EndAsync(PendingTask pending)
    {
        IscsiPdu end = await pending.Answer;
        byte[] sense = end.Opcode == 0x21 && end.Data.Length > 2 ? end.Data[2..] : [];
        return new ScsiResult(end.Header[3], pending.Read, sense);
    }

    private void Send(IscsiPdu pdu) => SendRaw(pdu.ToBytes(digests: _access.Digests));

    private async Task<IscsiPdu> AskAsync(IscsiPdu request)
    {
        PendingTask pending = new([], default);
        await SubmitAsync(request, pending);
        return await pending.Answer;
    }

    private async Task SubmitAsync(IscsiPdu request, PendingTask pending)
    {
        while (true)
        {
            Task window;
            lock (_numbers.Gate)
            {
                if (_ended) throw new IOException("The connection has ended.");
                if (_numbers.IsWindowOpen)
                {
                    IscsiPdu numbered = Numbered(request);
                    _pending[numbered.InitiatorTaskTag] = pending;
                    Send(numbered);
                    return;
                }

                window = _numbers.Opened;
            }

            await window;
        }
    }
}
