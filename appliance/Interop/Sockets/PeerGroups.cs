using System.Runtime.InteropServices;

namespace VSan.Interop;

/// <summary>The groups of whoever is at the other end of a local socket, as they were when it connected (SO_PEERGROUPS, socket(7)).</summary>
public static unsafe class PeerGroups
{
    private const int PeerGroupsOption = 59;

    // ERANGE: the list is longer than the room; the length is told.
    private const int TooLong = 34;

    // Linux' own bound of supplementary groups (NGROUPS_MAX).
    private const int GroupsMax = 65536;

    /// <summary>True when <paramref name="group"/> is among the peer's supplementary groups.</summary>
    public static bool Contain(nint fd, uint group)
    {
        uint[] groups = new uint[64];
        while (true)
        {
            uint bytes = (uint)groups.Length * sizeof(uint);
            int outcome;
            fixed (uint* to = groups) outcome = Libc.GetSockOpt((int)fd, SocketConstants.LevelSocket, PeerGroupsOption, to, &bytes);
            if (outcome == 0) return groups.AsSpan(0, (int)(bytes / sizeof(uint))).Contains(group);
            if (Marshal.GetLastPInvokeError() != TooLong || groups.Length >= GroupsMax) return false;
            groups = new uint[Math.Min((int)(bytes / sizeof(uint)) + 1, GroupsMax)];
        }
    }
}
