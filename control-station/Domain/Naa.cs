namespace VSan.Station.Domain;

/// <summary>Names of logical units (SPC-4, 7.8.6.6.6: NAA IEEE Registered Extended, 16 bytes).</summary>
/// <remarks>
/// <code>
/// digit  0    1 ─ 6        7 ─ 15            16 ─ 31
///        6    company id   vendor specific   vendor specific extension
/// </code>
/// A name follows from the leg's identity alone, so that it is the same for ever. The company id is
/// <see cref="CompanyId"/>, a placeholder until the makers own one: its first byte has the bit that marks local administration.
/// </remarks>
public static class Naa
{
    /// <summary>24 bits, hexadecimal.</summary>
    public const string CompanyId = "020000";

    /// <summary>The name of a leg: 25 of its 32 digits fit; the first seven, of a version 7 identity the coarse time, are left out.</summary>
    public static string Of(Guid legId) => $"6{CompanyId}{legId.ToString("N")[7..]}";

    /// <summary>The unit serial number (VPD page 80h): all 32 digits of the leg's identity.</summary>
    public static string SerialNumber(Guid legId) => legId.ToString("N");
}
