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
    private readonly SessionParameters _session;
    private readonly ConnectionParameters _connection;

    /// <summary>Negotiates into what it is given.</summary>
    /// <param name="session">Of the whole session.</param>
    /// <param name="connection">Of this connection.</param>
    /// <param name="limits">Our bounds.</param>
    /// <param name="kind">Which keys have a meaning.</param>
    public KeyNegotiation(SessionParameters session, ConnectionParameters connection, IscsiLimits limits, LoginKind kind)
    {
        (_session, _connection) = (session, connection);
        _rules = new(StringComparer.Ordinal)
        {
            ["HeaderDigest"] = value => Digest(value, on => connection.HeaderDigest = on),
            ["DataDigest"] = value => Digest(value, on => connection.DataDigest = on),
            ["MaxRecvDataSegmentLength"] = DeclareSegment,
            ["InitiatorAlias"] = _ => null,
            ["IFMarker"] = _ => "No",
            ["OFMarker"] = _ => "No",
            ["IFMarkInt"] = _ => Reject,
            ["OFMarkInt"] = _ => Reject,
        };
        Add(LeadingRules(), isRelevant: kind != LoginKind.Joining);
        Add(NormalRules(limits), isRelevant: kind == LoginKind.Leading);
    }

    /// <summary>Our answer to one key; null: none is due.</summary>
    public string? Answer(string key, string value)
    {
        // An answer to what we declared, and keys that only targets send.
        if (value is Reject or NotUnderstood or Irrelevant) return null;
        return _rules.TryGetValue(key, out Func<string, string?>? rule) ? rule(value) : NotUnderstood;
    }

    /// <summary>Defaults may leave the first burst longer than a burst; it never is (RFC 7143, 13.14).</summary>
    public void Finish() => _session.FirstBurstLength = Math.Min(_session.FirstBurstLength, _session.MaxBurstLength);

    /// <summary>Keys of the leading login, whatever the session is for.</summary>
    private static Dictionary<string, Func<string, string?>> LeadingRules() => new(StringComparer.Ordinal)
    {
        ["DefaultTime2Wait"] = value => Number(value, 0, 3600, asked => Math.Max(asked, 2)),
        ["DefaultTime2Retain"] = value => Number(value, 0, 3600, _ => 0),
        ["ErrorRecoveryLevel"] = value => Number(value, 0, 2, _ => 0),
        ["TaskReporting"] = value => value.Split(',').Contains("RFC3720") ? "RFC3720" : Reject,
    };

    /// <summary>Keys of the leading login of a session that moves data.</summary>
    private Dictionary<string, Func<string, string?>> NormalRules(IscsiLimits limits) => new(StringComparer.Ordinal)
    {
        ["MaxConnections"] = value => Number(value, 1, 65535, asked => _session.MaxConnections = Math.Min(asked, limits.ConnectionsPerSession)),
        ["InitialR2T"] = value => Boolean(value, asked => _session.InitialR2T = asked),
        ["ImmediateData"] = value => Boolean(value, asked => _session.ImmediateData = asked),
        ["MaxBurstLength"] = value => Number(value, SegmentBytesMin, SegmentBytesMax,
            asked => _session.MaxBurstLength = Math.Min(asked, limits.MaxBurstLength)),
        ["FirstBurstLength"] = value => Number(value, SegmentBytesMin, SegmentBytesMax,
            asked => _session.FirstBurstLength = Math.Min(asked, Math.Min(limits.FirstBurstLength, _session.MaxBurstLength))),
        ["MaxOutstandingR2T"] = value => Number(value, 1, 65535,
            asked => _session.MaxOutstandingR2T = Math.Min(asked, Math.Min(limits.MaxOutstandingR2T, IscsiTask.OutstandingR2TMax))),
        ["DataPDUInOrder"] = value => Boolean(value, _ => true),
        ["DataSequenceInOrder"] = value => Boolean(value, _ => true),
    };

    private void Add(Dictionary<string, Func<string, string?>> rules, bool isRelevant)
    {
        foreach ((string key, Func<string, string?> rule) in rules) _rules[key] = isRelevant ? rule : _ => Irrelevant;
    }

    private string? DeclareSegment(string value)
    {
        if (!TryNumber(value, out int bytes) || bytes is < SegmentBytesMin or > SegmentBytesMax) return Reject;
        _connection.SendSegmentBytesMax = bytes;
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
