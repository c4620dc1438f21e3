using System.Text;
using VSan.Contracts.Enrolment;

namespace VSan.UnitAgent.Discovery;

/// <summary>
/// DHCP option 224, of those that RFC 3942 leaves to a site: <c>https://ADDR:PORT#sha256:…</c>, the second part optional. systemd-networkd keeps it
/// as <c>OPTION_224=</c> and hexadecimal digits in a file for each network card.
/// </summary>
/// <remarks>Anybody on the wire can answer DHCP, so that a value that cannot be read is left out, not fatal.</remarks>
/// <param name="folder">Where systemd-networkd keeps its leases.</param>
/// <param name="log">Told of what was left out.</param>
internal sealed class DhcpLeases(string folder, ILogger<DhcpLeases> log) : IStationSource
{
    /// <summary>systemd-networkd's.</summary>
    public const string SystemFolder = "/run/systemd/netif/leases";

    private const string Key = "OPTION_224=";

    /// <inheritdoc/>
    public StationHint Read()
    {
        if (!Directory.Exists(folder)) return StationHint.None;
        StationHint hint = StationHint.None;
        foreach (string lease in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            hint = hint.Or(Of(lease));
        return hint;
    }

    private StationHint Of(string lease)
    {
        string? value = StationHints.Text(lease).Split('\n').FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..];
        if (value is null) return StationHint.None;
        if (Parse(value) is { } hint) return hint;
        log.LogWarning("DHCP option 224 in {Lease} is not https://ADDR:PORT#sha256:… and is left out: {Value}", lease, value);
        return StationHint.None;
    }

    private static StationHint? Parse(string digits)
    {
        if (digits.Length == 0 || digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit)) return null;
        // Some servers end a string with a zero.
        string[] parts = Encoding.ASCII.GetString(Convert.FromHexString(digits)).TrimEnd('\0').Split('#', 2);
        if (!Uri.TryCreate(parts[0], UriKind.Absolute, out Uri? station) || station.Scheme != Uri.UriSchemeHttps) return null;
        if (parts.Length == 1) return new StationHint(station, Authority: null, Token: null);
        return CaFingerprint.TryParse(parts[1], out CaFingerprint? authority) ? new StationHint(station, authority, Token: null) : null;
    }
}
