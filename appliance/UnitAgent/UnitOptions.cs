using System.Globalization;
using System.Net;
using VSan.Contracts.Enrolment;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.Shares;

namespace VSan.UnitAgent;

/// <summary>What <c>vsan-unit run</c> was told.</summary>
/// <param name="StateDirectory">Where identity, admission and configuration are kept.</param>
/// <param name="Name">System name that people see.</param>
/// <param name="Station">The station's HTTPS address; null looks for it elsewhere.</param>
/// <param name="Authority">Fingerprint of the pool's CA: the only station that is believed; null looks for it elsewhere.</param>
/// <param name="TokenFile">File with an enrolment token; null asks for a person's approval.</param>
/// <param name="StorePaths">Directories where legs live.</param>
/// <param name="StoreLimitBytes">Upper bound for the capacity of each store; null for the filesystem's size.</param>
/// <param name="Portals">iSCSI portals that the block server listens on.</param>
/// <param name="ControlSocket">The block server's control socket.</param>
internal sealed record UnitOptions(
    string StateDirectory,
    string Name,
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

    public const string Usage =
        """
        usage: vsan-unit run --state DIR --name NAME [--station https://ADDR:PORT] [--ca-fingerprint sha256:…]
                             [--cmdline FILE] [--config FILE] [--token-file FILE] [--store DIR …] [--store-limit BYTES] [--disks PREFIX …]
                             --portal ADDR:PORT [--portal …] [--shares ADDR:FIRST-LAST] --control SOCKET
               vsan-unit status --state DIR
        """;

    private const int NameLengthMax = 63;

    /// <summary>Reads the arguments after the verb.</summary>
    /// <exception cref="UnitFailure">An argument is missing, unknown or malformed.</exception>
    public static UnitOptions Parse(ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments);
        UnitOptions options = new(
            Path.GetFullPath(line.One("--state")),
            SystemName(line.One("--name")),
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
        };
        if (line.Any("--disks") is { Count: > 0 } prefixes) options = options with { DiskPrefixes = prefixes };
        if (line.Optional("--shares") is { } shares) options = options with { Shares = SharePorts.Parse(shares) };
        line.RefuseUnknown();
        return options;
    }

    internal static UnitFailure Wrong(string message) => new(ExitCode.Usage, message);

    private static string SystemName(string text) =>
        text.Length is > 0 and <= NameLengthMax && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? text
            : throw Wrong($"--name {text}: a name has 1 to {NameLengthMax} characters of a-z, 0-9 and '-'.");

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

    private static string Portal(string text) =>
        IPEndPoint.TryParse(text, out IPEndPoint? portal) && portal.Port > 0
            ? portal.ToString()
            : throw Wrong($"--portal {text}: give it as ADDR:PORT, IPv6 in brackets.");
}
