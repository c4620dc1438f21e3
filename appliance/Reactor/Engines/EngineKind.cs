namespace VSan.Reactor;

/// <summary>How a ring talks to the kernel.</summary>
public enum EngineKind
{
    /// <summary>io_uring, or epoll where io_uring is not allowed or lacks something.</summary>
    Auto,

    /// <summary>io_uring, or no start.</summary>
    Uring,

    /// <summary>epoll for sockets and threads for files: correct everywhere, slower.</summary>
    Epoll,
}
