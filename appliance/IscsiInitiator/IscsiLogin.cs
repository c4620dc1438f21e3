using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VSan.IscsiInitiator;

/// <summary>Login of one connection (RFC 7143, 6 and 13): security stage with CHAP when asked, then the operational stage.</summary>
/// <param name="stream">The connection.</param>
/// <param name="access">Who logs in where.</param>
/// <param name="discovery">For a discovery session.</param>
/// <param name="leading">The login of the session's first connection when this is one more of it.</param>
/// <param name="connectionId">CID.</param>
internal sealed class IscsiLogin(Stream stream, HostAccess access, bool discovery, IscsiLogin? leading = null, ushort connectionId = 0)
{
    public const uint FirstCmdSN = 1;
    private const byte LoginRequest = 0x43;
    private const byte LoginResponse = 0x23;
    private const byte Transit = 0x80;
    private const int SecurityStage = 0;
    private const int OperationalStage = 1;
    private const int FullFeature = 3;
    private readonly byte[] _isid = leading?._isid ?? IsidOf(access.Isid ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)));
    private readonly byte[] _tsih = leading?._tsih ?? new byte[2];

    public uint ExpStatSN { get; private set; }

    public uint MaxCmdSN { get; private set; }

    /// <summary>What the target declared or agreed to.</summary>
    public Dictionary<string, string> Keys { get; } = leading is null ? new(StringComparer.Ordinal) : new(leading.Keys, StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellation)
    {
        bool chap = access.ChapUser is not null;
        string method = chap ? "CHAP,None" : "None";
        List<string> names = [$"InitiatorName={access.Initiator}", $"SessionType={(discovery ? "Discovery" : "Normal")}", $"AuthMethod={method}"];
        if (!discovery) names.Add($"TargetName={access.Target}");
        await ExchangeAsync(SecurityStage, chap ? null : OperationalStage, names, cancellation);
        if (Keys.GetValueOrDefault("AuthMethod") == "CHAP") await AuthenticateAsync(cancellation);
        else if (chap) await ExchangeAsync(SecurityStage, OperationalStage, [], cancellation);
        await ExchangeAsync(OperationalStage, FullFeature, leading is null ? [.. ConnectionKeys(), .. SessionKeys()] : ConnectionKeys(), cancellation);
    }

    // Type "random" (RFC 7143, 11.12.5): 24 random bits and a qualifier of 16.
    private static byte[] IsidOf(uint number) => [0x80, 0, .. BitConverter.GetBytes(number)];

    private string Digest => access.Digests ? "CRC32C" : "None";

    private IEnumerable<string> ConnectionKeys() => [$"HeaderDigest={Digest}", $"DataDigest={Digest}", "MaxRecvDataSegmentLength=262144"];

    private IEnumerable<string> SessionKeys() =>
    [
        "InitialR2T=Yes", "ImmediateData=Yes", "FirstBurstLength=65536", "MaxBurstLength=262144", "MaxOutstandingR2T=1", $"MaxConnections={access.Connections}",
        "ErrorRecoveryLevel=0", "DefaultTime2Wait=0", "DefaultTime2Retain=0", "DataPDUInOrder=Yes", "DataSequenceInOrder=Yes",
    ];

    /// <summary>CHAP as the initiator (RFC 1994; the digests' numbers are IANA's: 5 is MD5, 7 is SHA-256).</summary>
    private async Task AuthenticateAsync(CancellationToken cancellation)
    {
        await ExchangeAsync(SecurityStage, null, ["CHAP_A=7,5"], cancellation);
        byte identifier = byte.Parse(Keys["CHAP_I"], CultureInfo.InvariantCulture);
        byte[] message = [identifier, .. Encoding.ASCII.GetBytes(access.ChapSecret!), .. Convert.FromHexString(Keys["CHAP_C"][2..])];
        byte[] response = Keys["CHAP_A"] == "7" ? SHA256.HashData(message) : MD5.HashData(message);
        await ExchangeAsync(SecurityStage, OperationalStage, [$"CHAP_N={access.ChapUser}", $"CHAP_R=0x{Convert.ToHexStringLower(response)}"], cancellation);
    }

    private async Task ExchangeAsync(int stage, int? next, IEnumerable<string> keys, CancellationToken cancellation)
    {
        byte flags = (byte)((stage << 2) | (next is { } following ? Transit | following : 0));
        IscsiPdu request = new(LoginRequest, flags) { Data = Encoding.ASCII.GetBytes(string.Concat(keys.Select(key => key + '\0'))), InitiatorTaskTag = 1 };
        _isid.CopyTo(request.Header, 8);
        _tsih.CopyTo(request.Header, 14);
        request[20] = (uint)connectionId << 16;
        request[24] = FirstCmdSN;
        request[28] = ExpStatSN;
        await stream.WriteAsync(request.ToBytes(), cancellation);

        IscsiPdu answer = await IscsiPdu.ReadAsync(stream, cancellation: cancellation);
        if (answer.Opcode != LoginResponse) throw new InvalidDataException($"Opcode {answer.Opcode:x2} in answer to a login request.");
        if (answer.Header[36] != 0) throw new LoginRefusedException(answer.Header[36], answer.Header[37]);
        ExpStatSN = answer[24] + 1;
        MaxCmdSN = answer[32];
        if (next == FullFeature) answer.Header.AsSpan(14, 2).CopyTo(_tsih);
        foreach (string pair in Encoding.ASCII.GetString(answer.Data).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            int sign = pair.IndexOf('=', StringComparison.Ordinal);
            Keys[pair[..sign]] = pair[(sign + 1)..];
        }

        if (next is not null && (answer.Flags & Transit) == 0) throw new InvalidDataException($"The target stays in stage {stage}.");
    }
}
