namespace VSan.Iscsi;

/// <summary>Serial number arithmetic of CmdSN and StatSN (RFC 7143, 4.2.2; RFC 1982, 32 bits).</summary>
internal static class SerialNumber
{
    /// <summary><paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool IsBefore(uint left, uint right) => (int)(left - right) < 0;
}
