using System.Globalization;
using System.Net.Sockets;
using VSan.Interop;

namespace VSan.BlockServer.Control;

/// <summary>
/// Who may use the control socket: root, our own user, and the members of one group if it was given. The socket's mode says so first, the kernel's
/// word on the peer says it again: a mode may be changed by whoever owns the directory.
/// </summary>
internal sealed class ControlAccess
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode GroupToo = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly uint? _group;

    private ControlAccess(uint? group) => _group = group;

    /// <summary>Finds the group.</summary>
    /// <param name="group">Name or number; null for no group.</param>
    /// <param name="error">What to do about it when null is returned.</param>
    internal static ControlAccess? TryFor(string? group, out string? error)
    {
        error = null;
        if (group is null) return new ControlAccess(null);
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) return new ControlAccess(number);
        foreach (string line in File.Exists("/etc/group") ? File.ReadLines("/etc/group") : [])
        {
            // group(5): name:password:number:members
            if (line.Split(':') is [{ } name, _, { } id, ..] && name == group && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number))
                return new ControlAccess(number);
        }

        error = $"there is no group '{group}' in /etc/group: make it with groupadd, or give --control-group its number";
        return null;
    }

    /// <summary>Sets group and mode of a socket that is bound.</summary>
    /// <returns>Null, or what to do about it.</returns>
    internal string? Open(string path)
    {
        if (_group is { } group)
        {
            int result = ProcessPrivileges.GiveToGroup(path, group);
            if (result < 0) return $"giving {path} to group {group} failed: {Errno.Describe(result)}: the server's user must be a member of it";
        }

        File.SetUnixFileMode(path, _group is null ? OwnerOnly : GroupToo);
        return null;
    }

    /// <summary>True when the other end may ask.</summary>
    internal bool Admits(Socket peer, out uint? userId)
    {
        userId = null;
        if (TcpSocket.CredentialsOfPeer(peer.Handle) is not { } who) return false;
        userId = who.UserId;
        return who.UserId == 0 || who.UserId == TcpSocket.OwnUserId()
            || (_group is { } group && (who.GroupId == group || PeerGroups.Contain(peer.Handle, group)));
    }
}
