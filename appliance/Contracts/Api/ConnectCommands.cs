using System.Globalization;

namespace VSan.Contracts.Api;

/// <summary>The commands by which a Linux host with open-iscsi comes to use a volume, in their order and complete.</summary>
public static partial class ConnectCommands
{
    /// <summary>Bytes of a sector, in which the device mapper counts.</summary>
    private const int SectorBytes = 512;

    /// <summary>All of it, as a script for a person to read first; null: systems of this kind cannot put such a volume together.</summary>
    public static string? Script(ConnectInfo info, HostSystem system)
    {
        ArgumentNullException.ThrowIfNull(info);
        return system switch
        {
            HostSystem.Linux => string.Join('\n', ((string?[])["# 1. the host's own name", Initiator(info), "# 2. the targets", .. info.Legs.Select(LogIn), Assemble(info) is { } one ? $"# 3. one disk of the legs\n{one}" : null, $"# the disk: {Device(info)}"]).OfType<string>()),
            HostSystem.Windows => info.Assembly.Method == AssemblyMethod.None ? Windows(info, info.Legs[0]) : null,
            HostSystem.Esxi => info.Assembly.Method == AssemblyMethod.None ? Esxi(info, info.Legs[0]) : null,
        };
    }

    /// <summary>Makes the host be who the pool knows.</summary>
    public static string Initiator(ConnectInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return $"echo InitiatorName={info.InitiatorName} > /etc/iscsi/initiatorname.iscsi\nsystemctl restart iscsid";
    }

    /// <summary>Logs in to the target of one leg, through every portal.</summary>
    public static string LogIn(ConnectLeg leg)
    {
        ArgumentNullException.ThrowIfNull(leg);
        return string.Join('\n', leg.Portals.SelectMany(portal => LogIn(leg, $"iscsiadm -m node -T {leg.TargetName} -p {portal}")));
    }

    /// <summary>Makes one disk of the legs; null when the one leg is the disk.</summary>
    public static string? Assemble(ConnectInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        string devices = string.Join(' ', info.Legs.Select(DeviceOf));
        return info.Assembly.Method switch
        {
            AssemblyMethod.None => null,
            AssemblyMethod.MdRaid1 => $"""
                # once, while the volume is empty:
                mdadm --create /dev/md/{info.VolumeName} --level=1 --raid-devices={info.Legs.Count} --metadata=1.2 --bitmap=internal --data-offset={Kibibytes(info.Assembly.DataOffsetBytes)}K --size={info.Assembly.SizeBytes / 1024} {devices}
                # ever after:
                mdadm --assemble /dev/md/{info.VolumeName} {devices}
                """,
            AssemblyMethod.DmStriped =>
                $"dmsetup create {info.VolumeName} --table '0 {info.Assembly.SizeBytes / SectorBytes} striped {info.Legs.Count} {info.Assembly.ChunkBytes / SectorBytes} {string.Join(' ', info.Legs.Select(leg => $"{DeviceOf(leg)} 0"))}'",
            AssemblyMethod.DmLinear => $"dmsetup create {info.VolumeName} <<'END'\n{string.Join('\n', LinearTable(info.Legs))}\nEND",
        };
    }

    /// <summary>The disk as the host sees it when all is done.</summary>
    public static string Device(ConnectInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return info.Assembly.Method switch
        {
            AssemblyMethod.None => DeviceOf(info.Legs[0]),
            AssemblyMethod.MdRaid1 => $"/dev/md/{info.VolumeName}",
            AssemblyMethod.DmStriped or AssemblyMethod.DmLinear => $"/dev/mapper/{info.VolumeName}",
        };
    }

    private static IEnumerable<string> LogIn(ConnectLeg leg, string node)
    {
        yield return $"{node} -o new";
        yield return Set(node, "authmethod", "CHAP");
        yield return Set(node, "username", leg.ChapUser);
        yield return Set(node, "password", leg.ChapSecret);
        if (leg is { TargetChapUser: { } user, TargetChapSecret: { } secret })
        {
            yield return Set(node, "username_in", user);
            yield return Set(node, "password_in", secret);
        }
        yield return $"{node} -o update -n node.startup -v automatic";
        yield return $"{node} --login";
    }

    private static string Set(string node, string name, string value) => $"{node} -o update -n node.session.auth.{name} -v {value}";

    private static string DeviceOf(ConnectLeg leg) => $"/dev/disk/by-id/wwn-0x{leg.Naa}";

    private static string Kibibytes(long? bytes) => ((bytes ?? 0) / 1024).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> LinearTable(IReadOnlyList<ConnectLeg> legs)
    {
        long start = 0;
        foreach (ConnectLeg leg in legs)
        {
            long sectors = leg.SizeBytes / SectorBytes;
            yield return string.Create(CultureInfo.InvariantCulture, $"{start} {sectors} linear {DeviceOf(leg)} 0");
            start += sectors;
        }
    }
}
