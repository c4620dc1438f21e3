using System.Text.Json.Serialization;

namespace VSan.Station.Backup;

/// <summary>What a backup file is and holds; the first member of it, <c>manifest.json</c>.</summary>
/// <param name="Format">Version of the format: 1.</param>
/// <param name="Pool">Name of the pool.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Schema">Schema of the database.</param>
/// <param name="CaFingerprint">The pool's authority; a backup without keys can be restored only where that authority still is.</param>
/// <param name="DatabaseBytes">Length of <c>station.db</c>.</param>
/// <param name="DatabaseSha256">Its SHA-256, lower-case hexadecimal.</param>
/// <param name="HasKeys">True: <c>keys.sealed</c> is in it.</param>
internal sealed record BackupManifest(
    int Format, string Pool, DateTimeOffset CreatedAt, int Schema, string CaFingerprint, long DatabaseBytes, string DatabaseSha256, bool HasKeys)
{
    public const int FormatPresent = 1;
}

/// <summary>JSON inside a backup.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(Dictionary<string, byte[]>))]
internal sealed partial class BackupJson : JsonSerializerContext;
