using System.Globalization;
using System.Net;

namespace VSan.Contracts.Api;

/// <content>Initiators that are not Linux's. They use volumes of one leg: nothing there puts several together as md does.</content>
public static partial class ConnectCommands
{
    /// <summary>Microsoft's initiator takes CHAP secrets of 12 to 16 characters and no others.</summary>
    private const int WindowsSecretLengthMax = 16;

    private static string Windows(ConnectInfo info, ConnectLeg leg)
    {
        bool isMutual = leg is { TargetChapUser: not null, TargetChapSecret: not null };
        List<string> lines = [];
        if (leg.ChapSecret.Length > WindowsSecretLengthMax) lines.Add($"# This secret is longer than the {WindowsSecretLengthMax} characters that Windows takes. Replace it first: vsan host rotate-secret HOST");
        lines.Add("# PowerShell, as administrator");
        lines.Add("Set-Service MSiSCSI -StartupType Automatic; Start-Service MSiSCSI");
        lines.Add($"Set-InitiatorPort -NodeAddress (Get-InitiatorPort | Where-Object ConnectionType -eq 'iSCSI').NodeAddress -NewNodeAddress '{info.InitiatorName}'");
        if (isMutual) lines.Add($"Set-IscsiChapSecret -ChapSecret '{leg.TargetChapSecret}'");
        foreach (IPEndPoint portal in leg.Portals.Select(IPEndPoint.Parse))
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"-TargetPortalAddress '{portal.Address}' -TargetPortalPortNumber {portal.Port}");
            lines.Add($"New-IscsiTargetPortal {at} -AuthenticationType {(isMutual ? "MUTUALCHAP" : "ONEWAYCHAP")} -ChapUsername '{leg.ChapUser}' -ChapSecret '{leg.ChapSecret}'");
            lines.Add($"Connect-IscsiTarget -NodeAddress '{leg.TargetName}' {at} -AuthenticationType {(isMutual ? "MUTUALCHAP" : "ONEWAYCHAP")} -ChapUsername '{leg.ChapUser}' -ChapSecret '{leg.ChapSecret}' -IsMultipathEnabled ${(leg.Portals.Count > 1 ? "true" : "false")} -IsPersistent $true");
        }

        lines.Add("# the disk:");
        lines.Add($"Get-Disk | Where-Object UniqueId -eq '{leg.Naa.ToUpperInvariant()}'");
        return string.Join('\n', lines);
    }

    private static string Esxi(ConnectInfo info, ConnectLeg leg)
    {
        const string Adapter = "--adapter=\"$adapter\"";
        List<string> lines =
        [
            "esxcli iscsi software set --enabled=true",
            "adapter=$(esxcli iscsi adapter list | awk '$2 == \"iscsi_vmk\" { print $1 }')",
            $"esxcli iscsi adapter set {Adapter} --name={info.InitiatorName}",
        ];
        foreach (string portal in leg.Portals)
        {
            string chap = $"esxcli iscsi adapter target portal auth chap set {Adapter} --address={portal} --name={leg.TargetName}";
            lines.Add($"esxcli iscsi adapter discovery statictarget add {Adapter} --address={portal} --name={leg.TargetName}");
            lines.Add($"{chap} --direction=uni --level=required --authname={leg.ChapUser} --secret={leg.ChapSecret}");
            if (leg is { TargetChapUser: { } user, TargetChapSecret: { } secret }) lines.Add($"{chap} --direction=mutual --level=required --authname={user} --secret={secret}");
        }

        lines.Add($"esxcli storage core adapter rescan {Adapter}");
        lines.Add("# the disk:");
        lines.Add($"esxcli storage core device list --device=naa.{leg.Naa}");
        return string.Join('\n', lines);
    }
}
