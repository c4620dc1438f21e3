using System.Security.Cryptography;
using System.Text;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Makes and replaces CHAP secrets. In the open they exist here, in what is handed to a unit, and in what a host is told.</summary>
internal static class CredentialSecrets
{
    /// <summary>As many characters as Microsoft's initiator takes at most; of 64 kinds they are the 96 random bits that RFC 7143, 12.1.3 asks for.</summary>
    private const int SecretLength = 16;

    /// <summary>None of them means anything to a shell.</summary>
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";

    /// <summary>Digits of an identity in a CHAP user name; the last ones, which are random.</summary>
    private const int UserNameLength = 12;

    /// <summary>What the unit calls itself in mutual CHAP.</summary>
    public static string TargetUserName(Guid unitId) => $"unit-{unitId.ToString("N")[^UserNameLength..]}";

    /// <summary>Fresh secrets for one host and unit, both ways.</summary>
    public static Credential Make(DateTimeOffset now, Guid hostId, Guid unitId, ISecretProtector protector) =>
        new(Guid.CreateVersion7(now), hostId, unitId, $"host-{hostId.ToString("N")[^UserNameLength..]}", Fresh(protector))
        {
            ProtectedTargetSecret = Fresh(protector),
            MadeAt = now,
        };

    /// <summary>The same with fresh secrets; the ones until now become the former ones.</summary>
    public static Credential Rotate(Credential credential, DateTimeOffset now, long unitGeneration, TimeSpan overlap, ISecretProtector protector) => credential with
    {
        ProtectedSecret = Fresh(protector),
        ProtectedTargetSecret = Fresh(protector),
        Rotation = new SecretRotation(credential.ProtectedSecret, credential.ProtectedTargetSecret, unitGeneration, overlap, AcceptedAt: null),
        MadeAt = now,
    };

    /// <summary>What a unit is handed of a credential, by the references of its access list.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Open(Credential credential, ISecretProtector protector)
    {
        (string Reference, byte[]? Secret)[] all =
        [
            (Reference(credential), credential.ProtectedSecret),
            (FormerReference(credential), credential.Rotation?.ProtectedFormerSecret),
            (TargetReference(credential), credential.ProtectedTargetSecret),
            (FormerTargetReference(credential), credential.Rotation?.ProtectedFormerTargetSecret),
        ];
        foreach ((string reference, byte[]? secret) in all)
            if (secret is not null) yield return new(reference, Encoding.ASCII.GetString(protector.Unprotect(secret)));
    }

    /// <summary>Reference of the host's secret.</summary>
    public static string Reference(Credential credential) => credential.Id.ToString("N");

    /// <summary>Reference of the host's secret before.</summary>
    public static string FormerReference(Credential credential) => $"{credential.Id:N}-former";

    /// <summary>Reference of the unit's secret.</summary>
    public static string TargetReference(Credential credential) => $"{credential.Id:N}-target";

    /// <summary>Reference of the unit's secret before.</summary>
    public static string FormerTargetReference(Credential credential) => $"{credential.Id:N}-target-former";

    private static byte[] Fresh(ISecretProtector protector) => protector.Protect(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(SecretAlphabet, SecretLength)));
}
