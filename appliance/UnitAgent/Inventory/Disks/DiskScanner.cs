using System.Globalization;
using System.Text;
using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Inventory.Disks;

/// <summary>
/// The disks of this machine: what /sys/block says of them, and what <see cref="DiskProbe"/> sees on them. A disk is probed again when the
/// kernel shows a difference, or when it is to be claimed.
/// </summary>
/// <param name="prefixes">Names of kernel devices that are disks; partitions, device mapper and RAID are not.</param>
internal sealed class DiskScanner(IReadOnlyList<string> prefixes)
{
    private const string SysBlock = "/sys/block";
    private const int SectorBytes = 512;

    private readonly Dictionary<string, (string Seen, DiskInventory Disk)> _known = [];
    private volatile IReadOnlyList<DiskInventory> _disks = [];

    /// <summary>Disks proper: SCSI, SATA and USB, NVMe, virtual ones.</summary>
    public static IReadOnlyList<string> DefaultPrefixes { get; } = ["sd", "nvme", "vd", "xvd"];

    /// <summary>As last looked at, in the order of their names.</summary>
    public IReadOnlyList<DiskInventory> Disks => _disks;

    /// <summary>Looks at all disks.</summary>
    /// <param name="again">The disk that is probed whatever was known of it; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <remarks>One caller at a time: the reconciler, under its gate.</remarks>
    public async Task<IReadOnlyList<DiskInventory>> ScanAsync(string? again, CancellationToken cancellationToken)
    {
        string[] names = [.. Names()];
        List<DiskInventory> disks = [];
        foreach (string name in names)
        {
            if (await LookAsync(name, again, cancellationToken) is { } disk) disks.Add(disk);
        }

        foreach (string gone in _known.Keys.Except(names).ToArray()) _known.Remove(gone);
        return _disks = [.. disks.GroupBy(disk => disk.DiskId, StringComparer.Ordinal).Select(AsOne)];
    }

    // Two devices of one name are one disk by two ways, or two that cannot be told apart: neither may be formatted by one of them.
    private static DiskInventory AsOne(IGrouping<string, DiskInventory> devices) => devices.Count() == 1
        ? devices.First()
        : devices.First() with { State = DiskState.Foreign, StoreId = null, Content = $"the same name on {string.Join(", ", devices.Select(device => device.Path))}" };

    private async Task<DiskInventory?> LookAsync(string name, string? again, CancellationToken cancellationToken)
    {
        if (Describe(name) is not { SizeBytes: > 0 } bare) return null;
        string seen = Seen(name, bare);
        if (_known.TryGetValue(name, out (string Seen, DiskInventory Disk) known) && known.Seen == seen && bare.DiskId != again) return known.Disk;
        DiskInventory disk = await DiskProbe.InspectAsync(name, bare, cancellationToken);
        _known[name] = (seen, disk);
        return disk;
    }

    private IEnumerable<string> Names()
    {
        if (!Directory.Exists(SysBlock)) return [];
        return Directory.EnumerateFileSystemEntries(SysBlock).Select(entry => Path.GetFileName(entry)!)
            .Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
    }

    private static DiskInventory Describe(string name)
    {
        string model = Text(name, "device/model"), serial = Text(name, "serial", "device/serial"), wwn = Text(name, "wwid", "device/wwid");
        string id = wwn.Length > 0 ? $"wwn-{wwn}" : serial.Length > 0 ? $"serial-{model}-{serial}" : $"path-{name}";
        _ = long.TryParse(Text(name, "size"), NumberStyles.None, CultureInfo.InvariantCulture, out long sectors);
        DiskMedia media = name.StartsWith("nvme", StringComparison.Ordinal) ? DiskMedia.Nvme : Text(name, "queue/rotational") == "1" ? DiskMedia.Rotational : DiskMedia.SolidState;
        string health = Text(name, "device/state");
        return new DiskInventory(
            Plain(id), $"/dev/{name}", model, serial, wwn, sectors * SectorBytes, media, health.Length > 0 ? health : null, DiskState.Unreadable, null, null);
    }

    // What makes another look worth its while.
    private static string Seen(string name, DiskInventory bare) => string.Join(
        '|', bare.DiskId, bare.SizeBytes, Text(name, "diskseq"), Text(name, "ro"), string.Join(',', DiskProbe.UsersOf(name)), DiskProbe.MountOf(name));

    private static string Text(string name, params ReadOnlySpan<string> files)
    {
        foreach (string file in files)
        {
            try
            {
                string text = File.ReadAllText(Path.Combine(SysBlock, name, file)).Trim();
                if (text.Length > 0) return text;
            }
            catch (Exception absence) when (absence is IOException or UnauthorizedAccessException)
            {
                // Not every driver has every attribute.
                continue;
            }
        }

        return string.Empty;
    }

    private static string Plain(string id)
    {
        StringBuilder plain = new(id.Length);
        foreach (char letter in id) _ = plain.Append(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or ':' ? letter : '_');
        return plain.ToString();
    }
}
