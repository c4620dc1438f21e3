using VSan.Interop;

namespace VSan.BlockServer;

/// <summary>What the process gives up before it opens the first file: it holds secrets of hosts, and needs none of this to serve.</summary>
internal static class ProcessHardening
{
    // Nothing for the group, nothing for others; who gets more is given it by name.
    private const int OwnerOnlyMask = 0x3F;

    /// <summary>No core dump, no ptrace by our own user, no gain of privileges, files for us alone.</summary>
    internal static void Apply(EventLog log)
    {
        ProcessPrivileges.SetFileMask(OwnerOnlyMask);
        Report(log, "no-dumps", ProcessPrivileges.DenyDumps());
        Report(log, "no-new-privileges", ProcessPrivileges.DenyNewPrivileges());
    }

    private static void Report(EventLog log, string what, int result)
    {
        if (result < 0) log.Error("hardening-failed", ("what", what), ("error", Errno.Describe(result)));
    }
}
