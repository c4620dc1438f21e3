using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VSan.Scsi.Reservations;

/// <summary>
/// TransportID of an iSCSI initiator port (SPC-4, 7.6.4.6): format 01b, the name of the node and the ISID. Format 00b names a node with all
/// its ports, which is no I_T nexus: it is not taken.
/// <code>
///   0  format (2 bits) 01b, protocol (4) 5h    1  reserved    2  additional length (2), a multiple of 4, at least 20
///   4  iSCSI name, ",i,0x", ISID as 12 hexadecimal digits, a zero; zeroes to a multiple of 4
/// </code>
/// </summary>
internal static class TransportId
{
    /// <summary>Longest iSCSI name (RFC 7143, 4.2.7.2).</summary>
    public const int NameBytesMax = 223;

    /// <summary>Longest of all: header, name, separator, ISID, zero, on a multiple of 4.</summary>
    public const int BytesMax = HeaderBytes + (((NameBytesMax + 5 + 12 + 1) + 3) & -4);

    /// <summary>The additional length of a short name.</summary>
    private const int TextBytesMin = 20;

    private const int HeaderBytes = 4;
    private const byte InitiatorPortFormat = 0x45;
    private const string Separator = ",i,0x";

    /// <summary>Writes it into zeroed memory; returns its length.</summary>
    public static int Format(NexusIdentity nexus, Span<byte> to)
    {
        to[0] = InitiatorPortFormat;
        int text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{nexus.InitiatorName}{Separator}{nexus.Isid:x12}"), to[HeaderBytes..]);
        int padded = Math.Max(TextBytesMin, (text + 1 + 3) & -4);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)padded);
        return HeaderBytes + padded;
    }

    /// <summary>Reads one from the start of a list.</summary>
    /// <param name="list">The rest of the list.</param>
    /// <param name="name">iSCSI name of the initiator.</param>
    /// <param name="isid">Its port.</param>
    /// <param name="length">Bytes that it takes.</param>
    /// <returns><c>false</c>: not an iSCSI initiator port, or not whole.</returns>
    public static bool TryParse(ReadOnlySpan<byte> list, out string name, out ulong isid, out int length)
    {
        (name, isid, length) = (string.Empty, 0, 0);
        if (list.Length < HeaderBytes || list[0] != InitiatorPortFormat) return false;
        int additional = BinaryPrimitives.ReadUInt16BigEndian(list[2..]);
        if (additional < TextBytesMin || additional % 4 != 0 || additional > list.Length - HeaderBytes) return false;
        ReadOnlySpan<byte> text = list.Slice(HeaderBytes, additional);
        int end = text.IndexOf((byte)0);
        if (end < 0 || text[end..].ContainsAnyExcept((byte)0)) return false;
        ReadOnlySpan<byte> separator = ",i,0x"u8;
        int at = text[..end].LastIndexOf(separator);
        if (at is <= 0 or > NameBytesMax || end - at != separator.Length + 12 || !Ascii.IsValid(text[..at])) return false;
        length = HeaderBytes + additional;

        // RFC 7143 compares names in lower case (RFC 3722).
        name = Encoding.ASCII.GetString(text[..at]).ToLowerInvariant();
        return ulong.TryParse(text[(at + separator.Length)..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out isid);
    }
}
