using System.Text;

namespace VSan.Contracts.Enrolment;

/// <summary>
/// The file <c>vsan/unit.conf</c> on the boot partition of an appliance's image. The image has room for it, so that it is filled in without
/// knowing the file system:
/// <code>
///   0     Marker and a line feed     a comment
///         station = …                one line for each thing that is said
///         spaces, a line feed        up to SizeBytes
/// </code>
/// </summary>
public static class UnitConfigurationFile
{
    /// <summary>Its size: one cluster of the boot partition, so that it lies in one piece.</summary>
    public const int SizeBytes = 4096;

    /// <summary>Where it begins in an image: on a boundary of this many bytes.</summary>
    public const int AlignmentBytes = 512;

    /// <summary>Its first line.</summary>
    public const string Marker = "# vsan-appliance unit.conf 4096: filled in by 'vsan image flash', or by hand";

    /// <summary>The file for a unit that is told this; each part may be missing.</summary>
    public static byte[] Format(Uri? station, CaFingerprint? authority, EnrolmentToken? token)
    {
        StringBuilder text = new();
        _ = text.Append(Marker).Append('\n');
        if (station is not null) _ = text.Append($"station = {station.GetLeftPart(UriPartial.Authority)}\n");
        if (authority is not null) _ = text.Append($"ca = {authority}\n");
        if (token is not null) _ = text.Append($"token = {token.Reveal()}\n");
        return Encoding.ASCII.GetBytes(text.ToString().PadRight(SizeBytes - 1) + '\n');
    }

    /// <summary>True when a file begins here.</summary>
    public static bool BeginsAt(ReadOnlySpan<byte> bytes) => bytes.Length >= Marker.Length && Ascii.Equals(bytes[..Marker.Length], Marker);
}
