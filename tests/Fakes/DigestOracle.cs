namespace VSan.Tests.Fakes;

/// <summary>CRC32C from its polynomial (RFC 7143, 13.1): the oracle of the processor's instruction.</summary>
internal static class DigestOracle
{
    private const uint Polynomial = 0x82F63B78;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(one => Bits((uint)one))];

    /// <summary>The four bytes as they stand on the wire.</summary>
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes) crc = (crc >> 8) ^ Table[(byte)crc ^ one];
        return BitConverter.GetBytes(~crc);
    }

    private static uint Bits(uint crc)
    {
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
        return crc;
    }
}
