using VSan.Contracts.Api;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary>The commands that a person types on a host without an agent.</summary>
public sealed class ConnectCommandsTests
{
    private const long MiB = 1L << 20;

    [Fact]
    public void Linux_Mirror_NamesEachLegAndPutsThemTogether()
    {
        string script = ConnectCommands.Script(Info(AssemblyMethod.MdRaid1, legs: 2), HostSystem.Linux)!;
        Assert.Contains("echo InitiatorName=iqn.2026-11.test:db > /etc/iscsi/initiatorname.iscsi", script, StringComparison.Ordinal);
        Assert.Contains("iscsiadm -m node -T iqn.2026-11.test:unit-1 -p 10.0.0.1:3260 -o update -n node.session.auth.password_in -v target-secret", script, StringComparison.Ordinal);
        Assert.Contains("mdadm --create /dev/md/data --level=1 --raid-devices=2 --metadata=1.2 --bitmap=internal --data-offset=4096K --size=65536 /dev/disk/by-id/wwn-0x60000000000000000000000000000000 /dev/disk/by-id/wwn-0x60000000000000000000000000000001", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_Single_LogsInByPowerShell()
    {
        string script = ConnectCommands.Script(Info(AssemblyMethod.None, legs: 1), HostSystem.Windows)!;
        Assert.Contains("Set-IscsiChapSecret -ChapSecret 'target-secret'", script, StringComparison.Ordinal);
        Assert.Contains("Connect-IscsiTarget -NodeAddress 'iqn.2026-11.test:unit-0' -TargetPortalAddress '10.0.0.0' -TargetPortalPortNumber 3260 -AuthenticationType MUTUALCHAP -ChapUsername 'user' -ChapSecret 'sixteen-letters-' -IsMultipathEnabled $false -IsPersistent $true", script, StringComparison.Ordinal);
        Assert.DoesNotContain("rotate-secret", script, StringComparison.Ordinal);
        Assert.Contains("rotate-secret", ConnectCommands.Script(Info(AssemblyMethod.None, legs: 1, secret: new string('a', 17)), HostSystem.Windows), StringComparison.Ordinal);
    }

    [Fact]
    public void Esxi_Single_IsAStaticTarget()
    {
        string script = ConnectCommands.Script(Info(AssemblyMethod.None, legs: 1), HostSystem.Esxi)!;
        Assert.Contains("discovery statictarget add --adapter=\"$adapter\" --address=10.0.0.0:3260 --name=iqn.2026-11.test:unit-0", script, StringComparison.Ordinal);
        Assert.Contains("--direction=mutual --level=required --authname=unit --secret=target-secret", script, StringComparison.Ordinal);
        Assert.EndsWith("device list --device=naa.60000000000000000000000000000000", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HostSystem.Windows)]
    [InlineData(HostSystem.Esxi)]
    public void Others_CannotPutLegsTogether(HostSystem system) => Assert.Null(ConnectCommands.Script(Info(AssemblyMethod.MdRaid1, legs: 2), system));

    private static ConnectInfo Info(AssemblyMethod method, int legs, string secret = "sixteen-letters-") => new(
        "iqn.2026-11.test:db", Guid.NewGuid(), "data", ReadOnly: false, new Assembly(method, 64 * MiB, null, method == AssemblyMethod.MdRaid1 ? 4 * MiB : null),
        [
            .. Enumerable.Range(0, legs).Select(leg => new ConnectLeg(leg, $"iqn.2026-11.test:unit-{leg}", [$"10.0.0.{leg}:3260"], 1, 68 * MiB, $"6{leg:D31}", "serial", "user", secret)
            {
                TargetChapUser = "unit",
                TargetChapSecret = "target-secret",
            }),
        ]);
}
