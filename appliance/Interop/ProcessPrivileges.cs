using System.Runtime.InteropServices;

namespace VSan.Interop;

/// <summary>What a process gives up, and what it may lock.</summary>
public static unsafe partial class ProcessPrivileges
{
    // linux/prctl.h, bits/resource.h
    private const int SetDumpable = 4;
    private const int SetNoNewPrivileges = 38;
    private const int LimitMemLock = 8;

    /// <summary>No core dump, and no other process of our user may read our memory.</summary>
    /// <returns>0, or a negated error number.</returns>
    public static int DenyDumps() => Result(Prctl(SetDumpable, 0, 0, 0, 0));

    /// <summary>Nothing that we execute gains privileges.</summary>
    /// <returns>0, or a negated error number.</returns>
    public static int DenyNewPrivileges() => Result(Prctl(SetNoNewPrivileges, 1, 0, 0, 0));

    /// <summary>Takes permissions from every file and socket that is made from now on.</summary>
    public static void SetFileMask(int mask) => _ = UMask((uint)mask);

    /// <summary>Bytes that this process may pin; <see cref="long.MaxValue"/> without a limit.</summary>
    public static long LockedBytesMax()
    {
        Limits limits = default;
        return GetRLimit(LimitMemLock, &limits) < 0 || limits.Soft > long.MaxValue ? long.MaxValue : (long)limits.Soft;
    }

    /// <summary>Gives a file to a group that we are a member of.</summary>
    /// <returns>0, or a negated error number.</returns>
    public static int GiveToGroup(string path, uint group) => Result(LChown(path, uint.MaxValue, group));

    private static int Result(int outcome) => outcome == -1 ? -Marshal.GetLastPInvokeError() : outcome;

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint UMask(uint mask);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetRLimit(int resource, Limits* limits);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint user, uint group);

    private struct Limits
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
