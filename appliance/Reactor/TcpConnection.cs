using System.Diagnostics;
using System.Net;
using VSan.Interop;
using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>
/// One TCP connection on one ring: a receive that stays armed, and at most one send under way, which takes all that was queued in a turn.
/// Owned by the ring's thread; the slots of its operations are reused only after their last completion.
/// </summary>
/// <remarks>
/// <code>
///  Open ──Close(true)──► Flushing ──all sent──► Closing ──nothing under way──► Closed
///    ├──Close(false), peer gone, error ───────────▲                              ▲
///    └──Leave──► Leaving ──nothing under way, the socket is another's────────────┘
/// </code>
/// </remarks>
public sealed unsafe class TcpConnection
{
    // Replies of one turn that go out in one call: 64 reads of headers and data. 2 KiB of native memory for each connection.
    private const int VectorsMax = 128;

    private readonly Ring _ring;
    private readonly int _fd;
    private readonly SendQueue _queue;
    private readonly ReceiveOperation _receive;
    private readonly SendOperation _send;
    private readonly CancelOperation _cancel;
    private readonly MemoryMapping _message;
    private IConnectionHandler _handler = ConnectionSink.Instance;
    private ConnectionState _state;
    private bool _receiving;
    private bool _sending;
    private bool _cancelling;
    private bool _paused;
    private Action<int>? _takeOver;

    internal TcpConnection(Ring ring, int fd)
    {
        _ring = ring;
        _fd = fd;
        _queue = new SendQueue(ring.Chunks);
        _message = MemoryMapping.Anonymous(sizeof(MessageHeader) + (VectorsMax * sizeof(IoVector)));
        _receive = new ReceiveOperation(this);
        _send = new SendOperation(this);
        _cancel = new CancelOperation(this);
        Peer = TcpSocket.PeerEndPoint(fd);
        Local = TcpSocket.LocalEndPoint(fd);
    }

    /// <summary>The peer's address; null when it left before we asked.</summary>
    public IPEndPoint? Peer { get; }

    /// <summary>Our address.</summary>
    public IPEndPoint? Local { get; }

    /// <summary>Bytes queued and not yet sent.</summary>
    public int QueuedBytes => _queue.Bytes;

    internal bool IsDirty { get; set; }

    // A peer that does not read its answers is not read from. What it holds is being sent, and that completion looks here again.
    private bool MayReceive => !_paused && _queue.Bytes <= _ring.Options.QueuedBytesMax && !_queue.IsOverShare;

    private MessageHeader* Header => (MessageHeader*)_message.Address;

    private IoVector* Vectors => (IoVector*)(_message.Address + sizeof(MessageHeader));

    /// <summary>Queues a copy of the bytes; they go out at the end of the turn.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_state is ConnectionState.Closing or ConnectionState.Closed) return;
        if (_queue.TryAppendCopy(bytes)) MarkDirty();
        else Close(afterSend: false);
    }

    /// <summary>Queues memory without copying it. <see cref="IConnectionHandler.OnSent"/> follows exactly once.</summary>
    public void Send(nint address, int length, object owner)
    {
        if (_state is ConnectionState.Closed)
        {
            _handler.OnSent(owner);
            return;
        }

        _queue.AppendLent(address, length, owner);
        MarkDirty();
    }

    /// <summary>Ends the connection.</summary>
    /// <param name="afterSend">True: what is queued is sent first.</param>
    public void Close(bool afterSend)
    {
        if (_state is ConnectionState.Closing or ConnectionState.Closed) return;
        _state = afterSend && _queue.Bytes > 0 ? ConnectionState.Flushing : ConnectionState.Closing;
        if (_state is ConnectionState.Closing) _ = TcpSocket.Shutdown(_fd);
        MarkDirty();
    }

    /// <summary>Reads no more, or goes on. What the kernel had received already may still come.</summary>
    public void PauseReceive(bool paused)
    {
        _paused = paused;
        if (_state is ConnectionState.Open) MarkDirty();
    }

    /// <summary>Gives the socket away, open as it is. What is received until then comes as before; <see cref="IConnectionHandler.OnClosed"/> is the last.</summary>
    /// <param name="takeOver">Takes the descriptor and owns it. Not called when the connection ends first. Nothing may be queued for sending.</param>
    public void Leave(Action<int> takeOver)
    {
        if (_state is not ConnectionState.Open) return;
        Debug.Assert(_queue.Bytes == 0 && !_sending);
        (_state, _takeOver) = (ConnectionState.Leaving, takeOver);
        MarkDirty();
    }

    internal void Start(IConnectionHandler handler)
    {
        _handler = handler;
        MarkDirty();
    }

    /// <summary>Brings what is under way in line with the state: sends, arms or stops the receive, ends. Once for each turn.</summary>
    internal void OnEndOfTurn()
    {
        IsDirty = false;
        if (_state is ConnectionState.Flushing && _queue.Bytes == 0)
        {
            _state = ConnectionState.Closing;
            _ = TcpSocket.Shutdown(_fd);
        }

        switch (_state)
        {
            case ConnectionState.Open:
                if (!_sending && _queue.Bytes > 0) SubmitSend();
                bool wanted = MayReceive;
                if (wanted && !_receiving) SubmitReceive();
                if (!wanted && _receiving) SubmitCancel();
                break;
            case ConnectionState.Leaving:
                if (_receiving) SubmitCancel();
                else if (!_cancelling) Finish();
                break;
            case ConnectionState.Flushing:
                if (!_sending) SubmitSend();
                break;
            case ConnectionState.Closing:
                if (_receiving || _sending) SubmitCancel();
                else if (!_cancelling) Finish();
                break;
            case ConnectionState.Closed:
                break;
        }
    }

    private void MarkDirty()
    {
        if (!IsDirty) _ring.MarkDirty(this);
    }

    private void SubmitReceive()
    {
        UringSqe* entry = _ring.TryPrepare(_receive);
        if (entry is null)
        {
            MarkDirty();
            return;
        }

        entry->Opcode = UringOp.Recv;
        entry->Fd = _fd;
        entry->Flags = UringConstants.SqeBufferSelect;
        entry->IoPriority = UringConstants.RecvMultishot;
        _receiving = true;
    }

    private void SubmitSend()
    {
        UringSqe* entry = _ring.TryPrepare(_send);
        if (entry is null)
        {
            MarkDirty();
            return;
        }

        *Header = default;
        Header->Vectors = (nint)Vectors;
        Header->VectorCount = (nuint)_queue.Describe(Vectors, VectorsMax);
        entry->Opcode = UringOp.Sendmsg;
        entry->Fd = _fd;
        entry->Address = (ulong)Header;
        entry->Length = 1;
        entry->MessageFlags = SocketConstants.MessageNoSignal | SocketConstants.MessageWaitAll;
        _sending = true;
    }

    // A connection that is closing cancels all that it has under way; any other stops only the receive.
    private void SubmitCancel()
    {
        if (_cancelling) return;
        UringSqe* entry = _ring.TryPrepare(_cancel);
        if (entry is null)
        {
            MarkDirty();
            return;
        }

        entry->Opcode = UringOp.AsyncCancel;
        if (_state is ConnectionState.Open or ConnectionState.Leaving)
        {
            entry->Fd = -1;
            entry->Address = _receive.UserData;
        }
        else
        {
            entry->Fd = _fd;
            entry->CancelFlags = UringConstants.CancelFd | UringConstants.CancelAll;
        }

        _cancelling = true;
    }

    private void OnReceive(int result, uint flags)
    {
        if ((flags & UringConstants.CqeMore) == 0) _receiving = false;
        bool hasBuffer = (flags & UringConstants.CqeBuffer) != 0;
        ushort id = (ushort)(flags >> UringConstants.CqeBufferShift);
        if (result > 0 && _state is (ConnectionState.Open or ConnectionState.Leaving)) _handler.OnReceived(_ring.Received(id, result));
        if (hasBuffer) _ring.ReturnReceived(id);
        if (result is 0 or (< 0 and not (-Errno.NoBuffers or -Errno.Interrupted or -Errno.Again or -Errno.Canceled))) Close(afterSend: false);
        if (!_receiving || !MayReceive) MarkDirty();
    }

    private void OnSend(int result)
    {
        _sending = false;
        if (result > 0) _queue.Advance(result, _handler);
        else if (result is not (-Errno.Interrupted or -Errno.Again)) Close(afterSend: false);
        if (_queue.Bytes > 0 || _state is not ConnectionState.Open || !_receiving) MarkDirty();
    }

    private void OnCancel()
    {
        _cancelling = false;
        MarkDirty();
    }

    private void Finish()
    {
        Debug.Assert(!_receiving && !_sending && !_cancelling);
        if (_state is ConnectionState.Leaving) _takeOver!(_fd);
        else _ = TcpSocket.Close(_fd);
        _state = ConnectionState.Closed;
        _queue.Clear(_handler);
        _message.Dispose();
        _ring.OnConnectionClosed(this);
        _handler.OnClosed();
    }

    private sealed class ReceiveOperation(TcpConnection connection) : IRingOperation, IUserDataHolder
    {
        public ulong UserData { get; set; }

        public void OnCompletion(int result, uint flags) => connection.OnReceive(result, flags);
    }

    private sealed class SendOperation(TcpConnection connection) : IRingOperation
    {
        public void OnCompletion(int result, uint flags) => connection.OnSend(result);
    }

    private sealed class CancelOperation(TcpConnection connection) : IRingOperation
    {
        public void OnCompletion(int result, uint flags) => connection.OnCancel();
    }
}
