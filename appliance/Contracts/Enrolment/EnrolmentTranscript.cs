using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VSan.Contracts.Enrolment;

/// <summary>
/// What a token's proof covers: every field of the startup packet and the CA that the member trusts. A proof is thereby useless for
/// another key, another member or another station, and a replay asks for what was granted already.
/// </summary>
public static class EnrolmentTranscript
{
    /// <summary>SHA-256 over a label and each field as a 4-byte big-endian length and its UTF-8 bytes; 32 bytes.</summary>
    public static byte[] Hash(StartupPacket packet, CaFingerprint authority)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(authority);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "vsan-startup-packet-v1");
        Add(hash, authority.Text);
        Add(hash, packet.Kind == MemberKind.Unit ? "unit" : "host");
        Add(hash, packet.MemberId.ToString("D"));
        Add(hash, packet.SystemName);
        Add(hash, packet.SerialNumber);
        Add(hash, packet.BootId.ToString("D"));
        Add(hash, packet.ImageVersion);
        Add(hash, string.Join('\n', packet.Addresses));
        Add(hash, string.Join('\n', packet.NetworkCards.Select(card => $"{card.Name} {card.MacAddress} {card.SpeedMbps}")));
        Add(hash, packet.CertificateRequest);
        if (packet.Kind == MemberKind.Host) Add(hash, packet.InitiatorName ?? string.Empty);
        return hash.GetHashAndReset();
    }

    /// <summary>The proof itself, base64, for <see cref="TokenProof.Mac"/>.</summary>
    public static string Mac(byte[] proofKey, StartupPacket packet, CaFingerprint authority) =>
        Convert.ToBase64String(HMACSHA256.HashData(proofKey, Hash(packet, authority)));

    /// <summary>Compares in constant time; false for anything that is not base64 of 32 bytes.</summary>
    public static bool Verify(byte[] proofKey, StartupPacket packet, CaFingerprint authority, string mac)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(mac, given, out int length)
            && length == given.Length
            && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(proofKey, Hash(packet, authority)), given);
    }

    private static void Add(IncrementalHash hash, string field)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(field);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
