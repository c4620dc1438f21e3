namespace VSan.Interop;

/// <summary>Constants of epoll.</summary>
[CName("")]
internal static class EpollConstants
{
    [CName("EPOLLIN")] internal const uint In = 1;
    [CName("EPOLLOUT")] internal const uint Out = 4;
    [CName("EPOLLERR")] internal const uint Error = 8;
    [CName("EPOLLHUP")] internal const uint HangUp = 0x10;
    [CName("EPOLL_CTL_ADD")] internal const int Add = 1;
    [CName("EPOLL_CTL_DEL")] internal const int Delete = 2;
    [CName("EPOLL_CTL_MOD")] internal const int Modify = 3;
    [CName("EPOLL_CLOEXEC")] internal const int CloseOnExec = 0x80000;
}
