using System.Globalization;
using System.Net;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.Shares;

namespace VSan.UnitAgent;

/// <summary>What <c>vsan-unit run</c> was told.</summary>
/// <param name="StateDirectory">Where identity, admission and configuration are kept.</param>
/// <param name="Name">System name that people see; null makes one of the host name or the identity.</param>
/// <param name="Station">The station's HTTPS address; null looks for it elsewhere.</param>
/// <param name="Authority">Fingerprint of the pool's CA: the only station that is believed; null looks for it elsewhere.</param>
/// <param name="TokenFile">File with an enrolment token; null asks for a person's approval.</param>
/// <param name="StorePaths">Directories where legs live.</param>
/// <param name="StoreLimitBytes">Upper bound for the capacity of each store; null for the filesystem's size.</param>
/// <param name="Portals">iSCSI portals that the block server listens on; <c>auto:PORT</c> for every address that this machine will have.</param>
/// <param name="ControlSocket">The block server's control socket.</param>
internal sealed record UnitOptions(
    string StateDirectory,
    string? Name,
    Uri? Station,
    CaFingerprint? Authority,
    string? TokenFile,
    IReadOnlyList<string> StorePaths,
    long? StoreLimitBytes,
    IReadOnlyList<string> Portals,
    string ControlSocket)
{
    /// <summary>The kernel's command line, or a file like it.</summary>
    public string KernelCommandLine { get; init; } = "/proc/cmdline";

    /// <summary>The configuration file; it need not exist.</summary>
    public string ConfigurationFile { get; init; } = "/etc/vsan/unit.conf";

    /// <summary>Names of kernel devices that are offered to the pool as disks.</summary>
    public IReadOnlyList<string> DiskPrefixes { get; init; } = DiskScanner.DefaultPrefixes;

    /// <summary>Where shares are served; null: this unit serves no files.</summary>
    public SharePorts? Shares { get; init; }

    /// <summary>Where the boot partition is mounted; null outside of the appliance's image.</summary>
    public string? BootPartition { get; init; }

    /// <summary>Socket of the keeper of the boot partition.</summary>
    public string SlotSocket { get; init; } = "/run/vsan-slots/socket";

    /// <summary>Certificates of those whose images are believed.</summary>
    public string ImageSigners { get; init; } = "/usr/lib/vsan/image-signers.pem";

    /// <summary>What stores lie on, by a person's word.</summary>
    public IReadOnlyDictionary<string, MediaClass> StoreMedia { get; init; } = new Dictionary<string, MediaClass>();

    public const string Usage =
        """
        usage: vsan-unit run --state DIR [--name NAME] [--station https://ADDR:PORT] [--ca-fingerprint sha256:…]
                             [--cmdline FILE] [--config FILE] [--token-file FILE] [--store DIR …] [--store-limit BYTES] [--disks PREFIX …]
                             [--store-media DIR=hdd|ssd|nvme|memory|unknown …]
                             --portal ADDR:PORT|auto:PORT [--portal …] [--shares ADDR:FIRST-LAST] --control SOCKET
                             [--esp DIR] [--slots SOCKET] [--image-signers FILE]
               vsan-unit status --state DIR
               vsan-unit console --state DIR
               vsan-unit slots --esp DIR --image-signers FILE --run DIR
        """;

    /// <summary>Reads the arguments after the verb.</summary>
    /// <exception cref="UnitFailure">An argument is missing, unknown or malformed.</exception>
    public static UnitOptions Parse(ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments);
        UnitOptions options = new(
            Path.GetFullPath(line.One("--state")),
            line.Optional("--name") is { } name ? SystemName(name) : null,
            line.Optional("--station") is { } station ? StationAddress(station) : null,
            line.Optional("--ca-fingerprint") is { } authority ? Fingerprint(authority) : null,
            line.Optional("--token-file"),
            [.. line.Any("--store").Select(Path.GetFullPath)],
            Limit(line.Optional("--store-limit")),
            [.. line.Many("--portal").Select(Portal)],
            Path.GetFullPath(line.One("--control")));
        options = options with
        {
            KernelCommandLine = line.Optional("--cmdline") ?? options.KernelCommandLine,
            ConfigurationFile = line.Optional("--config") ?? options.ConfigurationFile,
            BootPartition = line.Optional("--esp"),
            SlotSocket = line.Optional("--slots") ?? options.SlotSocket,
            ImageSigners = line.Optional("--image-signers") ?? options.ImageSigners,
        };
        if (line.Any("--disks") is { Count: > 0 } prefixes) options = options with { DiskPrefixes = prefixes };
        if (line.Optional("--shares") is { } shares) options = options with { Shares = SharePorts.Parse(shares) };
        options = options with { StoreMedia = line.Any("--store-media").Select(text => Media(text, options.StorePaths)).DistinctBy(pair => pair.Key).ToDictionary() };
        line.RefuseUnknown();
        return options;
    }

    internal static UnitFailure Wrong(string message) => new(ExitCode.Usage, message);

    private static string SystemName(string text) =>
        UnitName.IsValid(text) ? text : throw Wrong($"--name {text}: a name has 1 to {UnitName.LengthMax} characters of a-z, 0-9 and '-'.");

    private static CaFingerprint Fingerprint(string text) => CaFingerprint.TryParse(text, out CaFingerprint? authority)
        ? authority
        : throw Wrong("--ca-fingerprint is not sha256: and 64 hexadecimal digits; `vsan-station init` prints it.");

    internal static Uri StationAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw Wrong($"--station {text}: give it as https://ADDR:PORT.");

    private static long? Limit(string? text) => text switch
    {
        null => null,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0 => bytes,
        _ => throw Wrong($"--store-limit {text}: give a number of bytes."),
    };

    private static KeyValuePair<string, MediaClass> Media(string text, IReadOnlyList<string> stores)
    {
        int at = text.LastIndexOf('=');
        string folder = at > 0 ? Path.GetFullPath(text[..at]) : string.Empty;
        string name = text[(at + 1)..];
        if (!stores.Contains(folder, StringComparer.Ordinal)) throw Wrong($"--store-media {text}: give it as DIR=CLASS, with a DIR that is a --store.");
        return name.All(char.IsAsciiLetterLower) && Enum.TryParse(name, ignoreCase: true, out MediaClass media)
            ? KeyValuePair.Create(folder, media)
            : throw Wrong($"--store-media {text}: a class is hdd, ssd, nvme, memory or unknown.");
    }

    private static string Portal(string text) =>
        IsAutomatic(text) ? text
            : IPEndPoint.TryParse(text, out IPEndPoint? portal) && portal.Port > 0
                ? portal.ToString()
                : throw Wrong($"--portal {text}: give it as ADDR:PORT, IPv6 in brackets, or as {PortalAddresses.Automatic}PORT for every address of this machine.");

    private static bool IsAutomatic(string text) =>
        text.StartsWith(PortalAddresses.Automatic, StringComparison.Ordinal) && ushort.TryParse(text[PortalAddresses.Automatic.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0;
}
