using System.Globalization;

namespace VSan.Iscsi.Login;

/// <summary>
/// The operational keys of RFC 7143, 13: each rule takes the initiator's value and returns our answer, or null where the key is a
/// declaration that has none.
/// </summary>
internal sealed class KeyNegotiation
{
    public const string Reject = "Reject", NotUnderstood = "NotUnderstood", Irrelevant = "Irrelevant";

    private const int SegmentBytesMin = 512, SegmentBytesMax = (1 << 24) - 1;

    private readonly Dictionary<string, Func<string, string?>> _rules;
    private readonly SessionParameters _parameters;

    /// <summary>Negotiates into <paramref name="parameters"/>.</summary>
    public KeyNegotiation(SessionParameters parameters, IscsiLimits limits, bool discovery)
    {
        _parameters = parameters;
        _rules = new(StringComparer.Ordinal)
        {
            ["HeaderDigest"] = value => Digest(value, on => parameters.HeaderDigest = on),
            ["DataDigest"] = value => Digest(value, on => parameters.DataDigest = on),
            ["MaxRecvDataSegmentLength"] = DeclareSegment,
            ["InitiatorAlias"] = _ => null,
            ["DefaultTime2Wait"] = value => Number(value, 0, 3600, asked => Math.Max(asked, 2)),
            ["DefaultTime2Retain"] = value => Number(value, 0, 3600, _ => 0),
            ["ErrorRecoveryLevel"] = value => Number(value, 0, 2, _ => 0),
            ["IFMarker"] = _ => "No",
            ["OFMarker"] = _ => "No",
            ["IFMarkInt"] = _ => Reject,
            ["OFMarkInt"] = _ => Reject,
            ["TaskReporting"] = value => value.Split(',').Contains("RFC3720") ? "RFC3720" : Reject,
        };
        var sessionOnly = new Dictionary<string, Func<string, string?>>(StringComparer.Ordinal)
        {
            ["MaxConnections"] = value => Number(value, 1, 65535, _ => 1),
            ["InitialR2T"] = value => Boolean(value, asked => parameters.InitialR2T = asked),
            ["ImmediateData"] = value => Boolean(value, asked => parameters.ImmediateData = asked),
            ["MaxBurstLength"] = value => Number(value, SegmentBytesMin, SegmentBytesMax,
                asked => parameters.MaxBurstLength = Math.Min(asked, limits.MaxBurstLength)),
            ["FirstBurstLength"] = value => Number(value, SegmentBytesMin, SegmentBytesMax,
                asked => parameters.FirstBurstLength = Math.Min(asked, Math.Min(limits.FirstBurstLength, parameters.MaxBurstLength))),
            ["MaxOutstandingR2T"] = value => Number(value, 1, 65535,
                asked => parameters.MaxOutstandingR2T = Math.Min(asked, Math.Min(limits.MaxOutstandingR2T, IscsiTask.OutstandingR2TMax))),
            ["DataPDUInOrder"] = value => Boolean(value, _ => true),
            ["DataSequenceInOrder"] = value => Boolean(value, _ => true),
        };
        foreach ((string key, Func<string, string?> rule) in sessionOnly) _rules[key] = discovery ? _ => Irrelevant : rule;
    }

    /// <summary>Our answer to one key; null: none is due.</summary>
    public string? Answer(string key, string value)
    {
        // An answer to what we declared, and keys that only targets send.
        if (value is Reject or NotUnderstood or Irrelevant) return null;
        return _rules.TryGetValue(key, out Func<string, string?>? rule) ? rule(value) : NotUnderstood;
    }

    /// <summary>Defaults may leave the first burst longer than a burst; it never is (RFC 7143, 13.14).</summary>
    public void Finish() => _parameters.FirstBurstLength = Math.Min(_parameters.FirstBurstLength, _parameters.MaxBurstLength);

    private string? DeclareSegment(string value)
    {
        if (!TryNumber(value, out int bytes) || bytes is < SegmentBytesMin or > SegmentBytesMax) return Reject;
        _parameters.SendSegmentBytesMax = bytes;
        return null;
    }

    private static string Digest(string offered, Action<bool> set)
    {
        foreach (string each in offered.Split(','))
        {
            if (each is not ("CRC32C" or "None")) continue;
            set(each == "CRC32C");
            return each;
        }

        return Reject;
    }

    private static string Boolean(string value, Func<bool, bool> agree) => value switch
    {
        "Yes" => agree(true) ? "Yes" : "No",
        "No" => agree(false) ? "Yes" : "No",
        _ => Reject,
    };

    private static string Number(string value, int min, int max, Func<int, int> agree) =>
        TryNumber(value, out int asked) && asked >= min && asked <= max
            ? agree(asked).ToString(CultureInfo.InvariantCulture)
            : Reject;

    /// <summary>Decimal or 0x hexadecimal constant (RFC 7143, 6.1).</summary>
    internal static bool TryNumber(string value, out int number) =>
        value.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) && number >= 0
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
