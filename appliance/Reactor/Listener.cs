using System.Net;
using VSan.Interop;
using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>A listening socket whose accept stays armed on one ring. Made on any thread; after <see cref="Start"/> the ring's.</summary>
public sealed unsafe class Listener : IRingOperation
{
    private const int Backlog = 1024;

    private readonly int _fd;
    private readonly CancelOperation _cancel = new();
    private Ring? _ring;
    private Action<int>? _accepted;
    private bool _armed;
    private bool _closing;

    private Listener(int fd, IPEndPoint endPoint)
    {
        _fd = fd;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens; the port that the kernel gave when 0 was asked.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Binds and listens. Nothing is accepted before <see cref="Start"/>.</summary>
    /// <param name="endPoint">Address and port.</param>
    /// <param name="error">Negated error number when null is returned.</param>
    public static Listener? TryBind(IPEndPoint endPoint, out int error)
    {
        error = TcpSocket.Listen(endPoint, Backlog);
        return error < 0 ? null : new Listener(error, TcpSocket.LocalEndPoint(error) ?? endPoint);
    }

    /// <summary>Accepts from now on. Ring thread.</summary>
    /// <param name="ring">The ring that accepts.</param>
    /// <param name="accepted">Takes each accepted descriptor and owns it.</param>
    public void Start(Ring ring, Action<int> accepted)
    {
        _ring = ring;
        _accepted = accepted;
        Arm();
    }

    /// <summary>Stops and closes. Ring thread once started.</summary>
    public void Close()
    {
        _closing = true;
        if (_ring is null || !_armed)
        {
            _ = TcpSocket.Close(_fd);
            return;
        }

        _ = TcpSocket.Shutdown(_fd);
        UringSqe* entry = _ring.TryPrepare(_cancel);
        if (entry is null) return;
        entry->Opcode = UringOp.AsyncCancel;
        entry->Fd = _fd;
        entry->CancelFlags = UringConstants.CancelFd | UringConstants.CancelAll;
    }

    /// <inheritdoc/>
    public void OnCompletion(int result, uint flags)
    {
        _armed = (flags & UringConstants.CqeMore) != 0;
        if (result >= 0)
        {
            if (_closing) _ = TcpSocket.Close(result);
            else _accepted!(result);
        }

        if (_armed) return;
        if (_closing) _ = TcpSocket.Close(_fd);
        else if (result is -Errno.TooManyFiles or -Errno.FileTableFull or -Errno.NoMemory) _ring!.AtNextTick(Arm);
        else Arm();
    }

    private void Arm()
    {
        if (_closing) return;
        UringSqe* entry = _ring!.TryPrepare(this);
        if (entry is null)
        {
            _ring.AtNextTick(Arm);
            return;
        }

        entry->Opcode = UringOp.Accept;
        entry->Fd = _fd;
        entry->IoPriority = UringConstants.AcceptMultishot;
        entry->AcceptFlags = SocketConstants.SocketCloseOnExec;
        _armed = true;
    }

    private sealed class CancelOperation : IRingOperation
    {
        public void OnCompletion(int result, uint flags)
        {
            // The accept's own completion says that it ended.
        }
    }
}
