using VSan.Contracts.BlockServer;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Guest;

/// <content>Discovery, logins and logouts.</content>
internal sealed partial class GuestScenario
{
    private const string Login = "iscsiadm -m node --login";

    /// <summary>What iscsiadm says when the target did not accept the proof (ISCSI_ERR_LOGIN_AUTH_FAILED).</summary>
    private const int AuthenticationFailed = 24;

    /// <summary>What it says when it does not accept the target's proof (ISCSI_ERR_FATAL_LOGIN).</summary>
    private const int LoginFailed = 19;
    private const string WrongSecret = "not-the-secret-at-all";

    /// <summary>From an empty guest to a map of two paths: one-way CHAP, digests on one of the two.</summary>
    private async Task AttachAsync()
    {
        foreach (GuestLink link in network.Links) await StepAsync($"network {link.Interface}", $"network {link.Interface} {link.GuestAddress}/{link.PrefixLength}");
        await DiscoverAsync("discovery", "new", network.Links);
        await StepAsync("login with a wrong secret is refused", $"secrets {setup.Chap!.UserName} {WrongSecret} && {Login} -p {Plain.HostAddress}", AuthenticationFailed);
        await StepAsync("login with CHAP", $"secrets {setup.Chap.UserName} {setup.Chap.Secret} && digests {Digested.HostAddress} && {Login}");
        await CheckSessionsAsync(digested: [Digested]);
        await FindMapAsync();
    }

    /// <summary>Writes a file, logs out, logs in anew by mutual CHAP with digests on both paths, and finds the same file.</summary>
    private async Task ReturnAsync()
    {
        const string Sum = "sha256sum /mnt/kept";
        string before = await StepAsync("write a file", $"head -c 16M /dev/urandom > /mnt/kept && sync && {Sum}");
        await DetachAsync();
        string mutual = $"secrets {setup.Chap!.UserName} {setup.Chap.Secret} {setup.TargetChap!.UserName}";
        await StepAsync("a target with a wrong secret is left", $"{mutual} {WrongSecret} && {Login} -p {Plain.HostAddress}", LoginFailed);
        await StepAsync("login with mutual CHAP", $"{mutual} {setup.TargetChap.Secret} && digests {Plain.HostAddress} && {Login}");
        await CheckSessionsAsync(digested: network.Links);
        await FindMapAsync();
        string after = await StepAsync("read the file", $"mount {_map} /mnt && {Sum}");
        Check("read the file", after == before, $"{before}\n{after}");
        await DetachAsync();
        await StepAsync("kernel log", "kernel_is_content");
    }

    /// <summary>A portal that the configuration takes back is told no more and takes no login; one that comes back is and does.</summary>
    private async Task WithdrawPortalAsync()
    {
        const string NoRecord = "nonpersistent";
        await ServeAsync([Plain]);
        await DiscoverAsync("a portal is withdrawn", NoRecord, [Plain]);
        await StepAsync("no login through it", $"iscsiadm -m node -p {Digested.HostAddress} --logout && ! timeout 3 {Login} -p {Digested.HostAddress}");
        await ServeAsync(network.Links);
        await DiscoverAsync("the portal is back", NoRecord, network.Links);
        await StepAsync("the initiator's next try enters", $"await 120 paths_are {network.Links.Count}");
    }

    private async Task DiscoverAsync(string name, string operation, IReadOnlyList<GuestLink> told)
    {
        string found = await StepAsync(name, $"iscsiadm -m discovery -t sendtargets -o {operation} -p {Plain.HostAddress}");
        foreach (GuestLink link in network.Links)
            Check(name, found.Contains($"{link.Portal} {BlockServerSetup.Target}", StringComparison.Ordinal) == told.Contains(link), found);
    }

    private async Task DetachAsync()
    {
        await StepAsync("unmount", "umount /mnt");
        await StepAsync("logout", $"multipath -f {Path.GetFileName(_map)} && iscsiadm -m node --logout && await 20 no_disk_left");
        await UntilAsync("the server has no session left", async () => (await server.InspectAsync()).Sessions.Count == 0);
    }

    private async Task FindMapAsync()
    {
        await StepAsync("multipath", $"await 120 paths_are {network.Links.Count} && await 30 test -b {_map}");
        string size = await StepAsync("size of the map", $"blockdev --getsize64 {_map}");
        Check("size of the map", size == $"{setup.Volumes[0].SizeBytes}", size);
    }

    /// <summary>One session for each link, as the server sees them.</summary>
    private async Task CheckSessionsAsync(IReadOnlyList<GuestLink> digested)
    {
        IReadOnlyList<SessionInspection> sessions = (await server.InspectAsync()).Sessions;
        foreach (GuestLink link in network.Links)
        {
            string wanted = digested.Contains(link) ? "CRC32C" : "None";
            bool holds = sessions.Any(session => session.Peer.Contains(link.GuestAddress, StringComparison.Ordinal)
                && session.Parameters.Contains($"HeaderDigest={wanted}", StringComparison.Ordinal) && session.Parameters.Contains($"DataDigest={wanted}", StringComparison.Ordinal));
            Check("sessions", holds, string.Join('\n', sessions));
        }
    }
}
