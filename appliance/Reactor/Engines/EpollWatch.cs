using VSan.Interop.Uring;

namespace VSan.Reactor;

/// <summary>What waits on one descriptor until it is ready: one read that may stay, one send. Owned by its engine.</summary>
internal sealed class EpollWatch(int fd)
{
    private (bool Read, bool Write) _told;

    public int Fd { get; } = fd;

    /// <summary>A receive, an accept or the read of a stream; null for none.</summary>
    public UringSqe? Reader { get; private set; }

    /// <summary>A send that found no room; null for none.</summary>
    public UringSqe? Writer { get; private set; }

    public bool IsIdle => Reader is null && Writer is null;

    /// <summary>epoll knows the descriptor.</summary>
    public bool IsWatched => _told.Read || _told.Write;

    public bool NeedsUpdate => _told != (Reader is not null, Writer is not null);

    public EpollWatch Read(UringSqe? entry)
    {
        Reader = entry;
        return this;
    }

    public EpollWatch Write(UringSqe? entry)
    {
        Writer = entry;
        return this;
    }

    /// <summary>epoll was told.</summary>
    public void OnUpdated() => _told = (Reader is not null, Writer is not null);
}
