using System.Globalization;
using System.Text;

namespace VSan.Tests.Fuzz.Oracles;

/// <summary>What both sides said in text, as far as the oracles need it.</summary>
internal sealed class LoginKeys
{
    private const int SegmentBytesDefault = 8192, SegmentBytesMin = 512, SegmentBytesMax = (1 << 24) - 1;
    private readonly StringBuilder _offered = new();

    /// <summary>The target's last word for each key.</summary>
    public Dictionary<string, string> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>The longest segment that the initiator ever declared to take.</summary>
    public int SegmentBytes { get; private set; } = SegmentBytesDefault;

    public uint Number(string key, uint otherwise) =>
        uint.TryParse(Answers.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : otherwise;

    public void OnOffered(byte[] data)
    {
        // A key may be cut in two by a continuation.
        _offered.Append(Encoding.Latin1.GetString(data));
        foreach ((string key, string value) in Pairs(_offered.ToString()))
        {
            if (key == "MaxRecvDataSegmentLength" && ParseNumber(value) is { } bytes and >= SegmentBytesMin and <= SegmentBytesMax) SegmentBytes = Math.Max(SegmentBytes, bytes);
        }
    }

    /// <summary>The target's keys; in a login none comes twice (RFC 7143, 6.2).</summary>
    public void OnAnswered(byte[] data, bool login)
    {
        string text = Encoding.Latin1.GetString(data);
        if (login && text.Length > 0 && text[^1] != '\0') throw new FindingException("The last key of a login answer does not end with a zero.");
        foreach ((string key, string value) in Pairs(text))
        {
            // The CHAP keys go both ways, so the target has two of its own: the name and the response of a mutual proof.
            if (login && !Answers.TryAdd(key, value)) throw new FindingException($"The target named {key} twice in one login.");
        }
    }

    private static IEnumerable<(string Key, string Value)> Pairs(string text) =>
        text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(pair => pair.Contains('=')).Select(pair => (pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]));

    private static int? ParseNumber(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int hexadecimal) ? hexadecimal : null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
