using System.Security.Cryptography;
using System.Text;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What a unit proves to another one whose leg it copies: fresh for each move, gone with it.</summary>
internal static class MoveSecret
{
    /// <summary>Hexadecimal digits, 128 bits, as a host's.</summary>
    private const int SecretLength = 32;

    /// <summary>A fresh one.</summary>
    public static byte[] Make(ISecretProtector protector) => protector.Protect(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(SecretLength, lowercase: true)));

    /// <summary>Its reference in a configuration.</summary>
    public static string Reference(LegMove move) => $"move-{move.Id:N}";

    /// <summary>What a unit is handed of it, by its reference.</summary>
    public static KeyValuePair<string, string> Open(LegMove move, ISecretProtector protector) =>
        new(Reference(move), Encoding.ASCII.GetString(protector.Unprotect(move.ProtectedSecret)));
}
