using System.Text;

namespace VSan.Iscsi;

/// <summary>Text format (RFC 7143, 6.1): <c>key=value</c> pairs, each ended by a zero byte. Used outside the data path only.</summary>
internal static class TextKeys
{
    /// <summary>Longest key name (RFC 7143, 6.1).</summary>
    private const int KeyCharsMax = 63;

    /// <summary>Longest value that any key of ours takes: a 1,024 byte CHAP number in hexadecimal has 2,050 characters.</summary>
    private const int ValueCharsMax = 8192;

    /// <summary>Pairs of one negotiation.</summary>
    private const int PairsMax = 256;

    /// <summary>Reads all pairs.</summary>
    /// <returns><c>false</c>: not text format, a name or value too long, or a key twice.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, List<KeyValuePair<string, string>> pairs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!bytes.IsEmpty)
        {
            // The last pair's zero may be missing in the wild; padding zeroes after it are in the wild, too.
            int end = bytes.IndexOf((byte)0);
            ReadOnlySpan<byte> pair = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (pair.IsEmpty) continue;
            int equals = pair.IndexOf((byte)'=');
            if (equals is < 1 or > KeyCharsMax || pair.Length - equals - 1 > ValueCharsMax || pairs.Count == PairsMax) return false;
            string key = Encoding.ASCII.GetString(pair[..equals]);
            if (!seen.Add(key)) return false;
            pairs.Add(new(key, Encoding.UTF8.GetString(pair[(equals + 1)..])));
        }

        return true;
    }

    /// <summary>Adds one pair.</summary>
    public static void Append(StringBuilder to, string key, string value) => to.Append(key).Append('=').Append(value).Append('\0');
}
