using System.Runtime.InteropServices;

namespace VSan.Interop;

/// <summary>An epoll instance: which of many descriptors can be read or written without waiting. Level-triggered. One thread.</summary>
public sealed unsafe class ReadySet : IDisposable
{
    private const int EventsMax = 256;

    // The kernel packs the structure on x86-64 and aligns it elsewhere.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = DataOffset + sizeof(ulong);
    private readonly int _fd;
    private readonly MemoryMapping _events = MemoryMapping.Anonymous(EventsMax * EventBytes);

    /// <summary>Makes an empty one.</summary>
    public ReadySet()
    {
        _fd = Libc.Result(Libc.EpollCreate(EpollConstants.CloseOnExec));
        if (_fd < 0) throw new IOException($"epoll_create1 failed: {Errno.Describe(_fd)}");
    }

    /// <summary>Watches a descriptor, for something at least.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="isNew">It is not watched yet.</param>
    /// <param name="read">Tell when it can be read, or its peer is gone.</param>
    /// <param name="write">Tell when it can be written.</param>
    public int Watch(int fd, bool isNew, bool read, bool write)
    {
        byte* settings = stackalloc byte[EventBytes];
        *(uint*)settings = (read ? EpollConstants.In : 0) | (write ? EpollConstants.Out : 0);
        *(ulong*)(settings + DataOffset) = (ulong)fd;
        return Libc.Result(Libc.EpollCtl(_fd, isNew ? EpollConstants.Add : EpollConstants.Modify, fd, settings));
    }

    /// <summary>Watches it no more; before it is closed.</summary>
    public int Forget(int fd) => Libc.Result(Libc.EpollCtl(_fd, EpollConstants.Delete, fd, null));

    /// <summary>Waits until something is ready.</summary>
    /// <param name="milliseconds">At most; 0 does not wait, -1 waits for ever.</param>
    /// <returns>How many are ready, for <see cref="Ready"/>; 0 also after a signal.</returns>
    public int Wait(int milliseconds)
    {
        int count = Libc.Result(Libc.EpollWait(_fd, (void*)_events.Address, EventsMax, milliseconds));
        if (count >= 0) return count;
        return count is -Errno.Interrupted ? 0 : throw new InvalidOperationException($"epoll_wait refused what we built: {Errno.Describe(count)}");
    }

    /// <summary>One that is ready. An error or a hang-up is told as both.</summary>
    public (int Fd, bool Read, bool Write) Ready(int index)
    {
        byte* at = (byte*)_events.Address + (index * EventBytes);
        uint events = *(uint*)at;
        bool failed = (events & (EpollConstants.Error | EpollConstants.HangUp)) != 0;
        return ((int)*(ulong*)(at + DataOffset), failed || (events & EpollConstants.In) != 0, failed || (events & EpollConstants.Out) != 0);
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        _ = Libc.Close(_fd);
        _events.Dispose();
    }
}
