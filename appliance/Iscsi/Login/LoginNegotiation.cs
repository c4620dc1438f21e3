using System.Globalization;
using System.Text;
using VSan.Iscsi.Chap;
using VSan.Iscsi.Pdu;

namespace VSan.Iscsi.Login;

/// <summary>
/// One login, from the first PDU to full feature phase (RFC 7143, 6.3). Sees whole key texts, continuation is the connection's; decides
/// keys, stage and status. Made for each login and dropped after it.
/// <code>
///   Security ──(T, NSG 1, nothing left to prove)──► Operational ──(T, NSG 3)──► FullFeature
///      └───────────────(T, NSG 3)──────────────────────────────────────────────────▲
/// </code>
/// </summary>
internal sealed class LoginNegotiation(TargetCatalog catalog, ushort portalGroupTag, IscsiLimits limits, bool isJoining)
{
    private static readonly HashSet<string> SecurityKeys = new(StringComparer.Ordinal)
    {
        "AuthMethod", "CHAP_A", "CHAP_I", "CHAP_C", "CHAP_N", "CHAP_R",
    };

    private readonly HashSet<string> _negotiated = new(StringComparer.Ordinal);
    private KeyNegotiation? _keys;
    private ChapAuthenticator? _chap;
    private LoginStage _stage = LoginStage.Security;
    private bool _started;
    private bool _authenticated;
    private bool _methodChosen;
    private bool _declared;

    /// <summary>iSCSI name of the initiator.</summary>
    public string InitiatorName { get; private set; } = "";

    /// <summary>The target; null in a discovery session.</summary>
    public IscsiTarget? Target { get; private set; }

    /// <summary>What the initiator may do on the target; null in a discovery session.</summary>
    public TargetAccess? Access { get; private set; }

    /// <summary>SessionType=Discovery.</summary>
    public bool IsDiscovery { get; private set; }

    /// <summary>What was agreed for the session; the defaults when one more connection joins it.</summary>
    public SessionParameters Parameters { get; } = new();

    /// <summary>What was agreed for the connection.</summary>
    public ConnectionParameters Connection { get; } = new();

    private LoginKind Kind => isJoining ? LoginKind.Joining : IsDiscovery ? LoginKind.Discovery : LoginKind.Leading;

    /// <summary>Takes the keys of one or, after continuation, several login PDUs of which <paramref name="request"/> is the last.</summary>
    /// <param name="request">The PDU.</param>
    /// <param name="text">All key text.</param>
    /// <param name="answer">Receives our keys.</param>
    /// <param name="flags">T, CSG and NSG of the response.</param>
    /// <returns>Anything but <see cref="LoginStatus.Success"/> ends the login.</returns>
    public LoginStatus Next(LoginRequest request, ReadOnlySpan<byte> text, StringBuilder answer, out byte flags)
    {
        flags = (byte)(request.CurrentStage << 2);
        var pairs = new List<KeyValuePair<string, string>>();
        if (!TextKeys.TryParse(text, pairs)) return LoginStatus.InitiatorError;
        LoginStatus status = CheckStage(request);
        if (status == LoginStatus.Success && !_started) status = Start(pairs);
        if (status == LoginStatus.Success) status = AnswerAll(pairs, answer);
        if (status != LoginStatus.Success) return status;

        if (_stage == LoginStage.Operational && !_declared)
        {
            _declared = true;
            TextKeys.Append(answer, "MaxRecvDataSegmentLength", limits.MaxRecvDataSegmentLength.ToString(CultureInfo.InvariantCulture));
        }

        // An initiator may want to go on while the proof is still due: the target answers without T (RFC 7143, 6.3.2).
        if (!request.Transit || (_stage == LoginStage.Security && !_authenticated && _chap is not null)) return LoginStatus.Success;
        _stage = (LoginStage)request.NextStage;
        if (_stage == LoginStage.FullFeature) _keys!.Finish();
        flags |= (byte)(0x80 | request.NextStage);
        return LoginStatus.Success;
    }

    private LoginStatus CheckStage(LoginRequest request)
    {
        if (request.VersionMin > 0) return LoginStatus.UnsupportedVersion;
        if (!_started)
        {
            if (request.CurrentStage > 1) return LoginStatus.InvalidDuringLogin;
            _stage = (LoginStage)request.CurrentStage;
        }

        if (request.CurrentStage != (int)_stage) return LoginStatus.InitiatorError;
        bool goesOn = request.NextStage > request.CurrentStage && request.NextStage != 2;
        return request.Transit && !goesOn ? LoginStatus.InitiatorError : LoginStatus.Success;
    }

    /// <summary>Who is it, and what does it want (RFC 7143, 6.3: the keys of the first PDU).</summary>
    private LoginStatus Start(List<KeyValuePair<string, string>> pairs)
    {
        _started = true;
        string? initiator = Value(pairs, "InitiatorName");
        if (string.IsNullOrEmpty(initiator)) return LoginStatus.MissingParameter;
        if (!IsName(initiator)) return LoginStatus.InitiatorError;
        InitiatorName = initiator.ToLowerInvariant();
        switch (Value(pairs, "SessionType") ?? "Normal")
        {
            case "Discovery":
                IsDiscovery = true;
                break;
            case "Normal":
                string? name = Value(pairs, "TargetName");
                if (string.IsNullOrEmpty(name)) return LoginStatus.MissingParameter;
                Target = catalog.Find(name.ToLowerInvariant());
                if (Target?.IsOfferedBy(portalGroupTag) != true) return LoginStatus.NotFound;
                Access = Target.AccessFor(InitiatorName);
                if (Access is null) return LoginStatus.AuthorizationFailure;
                break;
            default:
                return LoginStatus.SessionTypeNotSupported;
        }

        _keys = new KeyNegotiation(Parameters, Connection, limits, Kind);
        (ChapSecret? secret, ChapSecret? own) = IsDiscovery ? (catalog.Discovery?.Chap, catalog.Discovery?.TargetChap) : (Access?.Chap, Access?.TargetChap);
        if (secret is not null) _chap = new ChapAuthenticator(secret, own);
        return _stage == LoginStage.Operational && _chap is not null ? LoginStatus.AuthenticationFailure : LoginStatus.Success;
    }

    private LoginStatus AnswerAll(List<KeyValuePair<string, string>> pairs, StringBuilder answer)
    {
        // Declared with the first answer (RFC 7143, 13.9).
        if (Target is not null && _negotiated.Add("TargetPortalGroupTag"))
        {
            TextKeys.Append(answer, "TargetPortalGroupTag", portalGroupTag.ToString(CultureInfo.InvariantCulture));
        }

        LoginStatus status = AnswerSecurity(pairs, answer);
        foreach ((string key, string value) in pairs)
        {
            if (status != LoginStatus.Success) return status;
            if (key is "InitiatorName" or "SessionType" or "TargetName" || SecurityKeys.Contains(key)) continue;

            // A key is negotiated once (RFC 7143, 6.3); its second coming is an initiator's error.
            if (!_negotiated.Add(key)) return LoginStatus.InitiatorError;
            if (_keys!.Answer(key, value) is not { } ours) continue;

            // What refuses the initiator's declaration takes the place of ours, as a key comes once; behind ours there is no room for it.
            bool declares = key == "MaxRecvDataSegmentLength";
            if (declares && _declared) return LoginStatus.InitiatorError;
            _declared |= declares;
            TextKeys.Append(answer, key, ours);
        }

        return status;
    }

    private LoginStatus AnswerSecurity(List<KeyValuePair<string, string>> pairs, StringBuilder answer)
    {
        if (_stage != LoginStage.Security)
        {
            return pairs.Exists(pair => SecurityKeys.Contains(pair.Key)) ? LoginStatus.InitiatorError : LoginStatus.Success;
        }

        if (Value(pairs, "AuthMethod") is { } methods) return ChooseMethod(methods, answer);
        if (Value(pairs, "CHAP_A") is { } algorithms)
        {
            bool due = _chap is { IsChallenged: false } && _methodChosen;
            return due && _chap!.TryChallenge(algorithms, answer) ? LoginStatus.Success : LoginStatus.AuthenticationFailure;
        }

        if (Value(pairs, "CHAP_R") is not { } response)
        {
            return LoginStatus.Success;
        }

        _authenticated = _chap is not null && !_authenticated && _chap.Accepts(Value(pairs, "CHAP_N") ?? "", response);
        return _authenticated && ProveInTurn(pairs, answer) ? LoginStatus.Success : LoginStatus.AuthenticationFailure;
    }

    /// <summary>Mutual CHAP, where the initiator asks for it. A challenge that we cannot meet ends the login, so that it never passes for met.</summary>
    private bool ProveInTurn(List<KeyValuePair<string, string>> pairs, StringBuilder answer)
    {
        (string? identifier, string? challenge) = (Value(pairs, "CHAP_I"), Value(pairs, "CHAP_C"));
        return (identifier, challenge) is (null, null)
            || (identifier is not null && challenge is not null && _chap!.TryProve(identifier, challenge, answer));
    }

    private LoginStatus ChooseMethod(string offered, StringBuilder answer)
    {
        string wanted = _chap is null ? "None" : "CHAP";
        bool possible = offered.Split(',').Contains(wanted) && !_methodChosen;
        _methodChosen = true;
        TextKeys.Append(answer, "AuthMethod", possible ? wanted : KeyNegotiation.Reject);
        return possible ? LoginStatus.Success : LoginStatus.AuthenticationFailure;
    }

    /// <summary>An iSCSI name: a known type and the characters of RFC 3722, at most 223 bytes (RFC 7143, 4.2.7).</summary>
    private static bool IsName(string name) =>
        name.Length <= 223
        && (name.StartsWith("iqn.", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("eui.", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("naa.", StringComparison.OrdinalIgnoreCase))
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' || c > 127);

    private static string? Value(List<KeyValuePair<string, string>> pairs, string key) =>
        pairs.Find(pair => pair.Key == key).Value;
}
