using System.Net;
using System.Text.Json;
using VSan.Contracts;
using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Configuration;

/// <summary>Decides whether a pushed document may replace the present one. Pure.</summary>
internal static class ConfigurationRule
{
    private const int LunMax = 255;
    private const int NaaLength = 32;
    private const int SerialNumberLengthMax = 36;

    // RFC 7143, 12.1.3 wants 96 bits of secret at least.
    private const int SecretLengthMin = 12;

    private const int DigestLength = 64;

    /// <summary>Judges a push against what this unit has accepted so far.</summary>
    public static Verdict Judge(Guid unitId, AcceptedConfiguration? present, IReadOnlyDictionary<string, string> presentSecrets, ConfigurationPush push)
    {
        if (Fault(push) is { } fault) return new Verdict.Malformed(fault);
        UnitConfiguration document = push.Configuration;
        if (document.UnitId != unitId) return new Verdict.WrongUnit($"The document is for unit {document.UnitId}, this is {unitId}.");
        if (present is not null && document.Generation >= present.Document.Generation && push.LockEpoch < present.LockEpoch)
            return new Verdict.Stale($"It was decided under lock epoch {push.LockEpoch}; this unit has heard of {present.LockEpoch}.");
        if (present is null || document.Generation > present.Document.Generation) return new Verdict.Newer();
        if (Sabotage.AcceptsOlderGeneration) return new Verdict.Newer();
        if (document.Generation < present.Document.Generation)
            return new Verdict.Refused($"Generation {document.Generation} is older than {present.Document.Generation}, which this unit has accepted.");
        return Same(document, present.Document) && Same(push.Secrets, presentSecrets)
            ? new Verdict.Known()
            : new Verdict.Refused($"Generation {document.Generation} was accepted with another content.");
    }

    private static bool Same(UnitConfiguration one, UnitConfiguration other) =>
        JsonSerializer.SerializeToUtf8Bytes(one, UnitLinkJson.Default.UnitConfiguration).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, UnitLinkJson.Default.UnitConfiguration));

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out string? secret) && secret == entry.Value);

    /// <summary>What is wrong with the document in itself; null when nothing is.</summary>
    private static string? Fault(ConfigurationPush push)
    {
        // The JSON reader does not enforce what the records promise.
        if (push is not { Configuration: { Legs: not null, Targets: not null, Snapshots: not null, Shares: not null } document, Secrets: not null }) return "A member of the document is missing.";
        if (document.Generation < 1) return "Generations count from 1.";
        if (push.LockEpoch < 0) return "Lock epochs count from 0.";
        if (push.Records?.Values.Any(record => record is not { Text: not null, Signature: not null, Signer: not null }) == true) return "A leg's record lacks a member.";
        HashSet<Guid> legs = [];
        HashSet<Guid> copies = [];
        return document.Legs.Select(leg => LegFault(leg, legs)).FirstOrDefault(fault => fault is not null)
            ?? document.Snapshots.Select(snapshot => SnapshotFault(snapshot, document.Legs, legs, copies)).FirstOrDefault(fault => fault is not null)
            ?? ShareFault(document.Shares)
            ?? ImageFault(document.Image)
            ?? (document.Copies ?? []).Select(copy => CopyFault(copy, legs, copies, push.Secrets)).FirstOrDefault(fault => fault is not null)
            ?? document.Targets.Select(target => TargetFault(target, legs, push.Secrets)).FirstOrDefault(fault => fault is not null);
    }

    private static string? ImageFault(ImageSpec? image) => image switch
    {
        null => null,
        _ when !ImageVersion.TryParse(image.Version, out _) => $"'{image.Version}' is no version of an image.",
        _ when image.Digest is not { Length: DigestLength } || !image.Digest.All(char.IsAsciiHexDigitLower) || image.SizeBytes <= 0 => $"The image of version {image.Version} has a digest or a size that cannot be.",
        _ => null,
    };

    private static string? LegFault(LegSpec leg, HashSet<Guid> known) => leg switch
    {
        null => "A leg is null.",
        _ when !known.Add(leg.LegId) => $"Leg {leg.LegId} is named twice.",
        { BlockSizeBytes: not (512 or 4096) } => $"Leg {leg.LegId}: the block size is 512 or 4096.",
        _ when leg.SizeBytes <= 0 || leg.SizeBytes % leg.BlockSizeBytes != 0 => $"Leg {leg.LegId}: the size is not a positive number of whole blocks.",
        _ when leg.Naa is not { Length: NaaLength } || !leg.Naa.All(char.IsAsciiHexDigit) => $"Leg {leg.LegId}: the NAA name is {NaaLength} hexadecimal digits.",
        _ when leg.SerialNumber is not { Length: > 0 and <= SerialNumberLengthMax } || !leg.SerialNumber.All(char.IsAscii) =>
            $"Leg {leg.LegId}: the serial number is 1 to {SerialNumberLengthMax} ASCII characters.",
        _ => null,
    };

    private static string? SnapshotFault(SnapshotSpec snapshot, IReadOnlyList<LegSpec> all, HashSet<Guid> legs, HashSet<Guid> copies) => snapshot switch
    {
        not { Name: not null, Leg: not null } => "A snapshot has no name or no leg.",
        _ when legs.Contains(snapshot.Leg.LegId) => $"Snapshot {snapshot.Leg.LegId} is a leg as well.",
        _ when all.FirstOrDefault(leg => leg.LegId == snapshot.SourceLegId) is not { } source || source.StoreId != snapshot.Leg.StoreId =>
            $"Snapshot {snapshot.Leg.LegId} is of leg {snapshot.SourceLegId}, which its store does not have.",
        _ => LegFault(snapshot.Leg, copies),
    };

    // A line of an htpasswd file is one user: what could make two of it is refused.
    private static string? ShareFault(IReadOnlyList<ShareSpec> shares)
    {
        HashSet<Guid> known = [];
        HashSet<int> ports = [];
        return shares.Select(share => share switch
        {
            not { Name: not null, Access: not null } => "A share has no name or no list of who is let in.",
            _ when !known.Add(share.ShareId) => $"Share {share.ShareId} is named twice.",
            _ when !ports.Add(share.Port) || share.Port is < 1 or > IPEndPoint.MaxPort => $"Share {share.ShareId}: port {share.Port} is another share's, or none.",
            _ when share.Access.Any(access => access is not { UserName.Length: > 0, PasswordHash.Length: > 0 } || !IsField(access.UserName) || !IsField(access.PasswordHash)) =>
                $"Share {share.ShareId}: a user name or what its password hashes to cannot be.",
            _ => null,
        }).FirstOrDefault(fault => fault is not null);
    }

    private static bool IsField(string text) => text.All(letter => char.IsAscii(letter) && !char.IsControl(letter) && letter is not (':' or ' '));

    private static string? CopyFault(LegCopySpec copy, HashSet<Guid> legs, HashSet<Guid> copies, IReadOnlyDictionary<string, string> secrets) => copy switch
    {
        not { Leg: not null, Portals: not null, TargetName.Length: > 0, InitiatorName.Length: > 0, ChapUser.Length: > 0, ChapSecretReference: not null } => "A copy lacks a member.",
        _ when legs.Contains(copy.Leg.LegId) => $"Leg {copy.Leg.LegId} is to be copied and is served as well.",
        _ when !secrets.TryGetValue(copy.ChapSecretReference, out string? secret) || secret.Length < SecretLengthMin => $"The secret for the copy of leg {copy.Leg.LegId} is missing or shorter than {SecretLengthMin} bytes.",
        _ when !copy.Portals.All(portal => System.Net.IPEndPoint.TryParse(portal, out _)) => $"The copy of leg {copy.Leg.LegId} has a portal that is none.",
        _ => LegFault(copy.Leg, copies),
    };

    private static string? TargetFault(TargetSpec target, HashSet<Guid> legs, IReadOnlyDictionary<string, string> secrets)
    {
        if (target is not { Name.Length: > 0, Access: not null }) return "A target has no name or no access list.";
        HashSet<string> initiators = [];
        return target.Access.Select(access => AccessFault(access, initiators, legs, secrets)).FirstOrDefault(fault => fault is not null);
    }

    private static string? AccessFault(AccessSpec access, HashSet<string> initiators, HashSet<Guid> legs, IReadOnlyDictionary<string, string> secrets)
    {
        if (access is not { InitiatorName.Length: > 0, Luns: not null }) return "An access list names no initiator or no logical units.";
        if (access.InitiatorName.Any(char.IsAsciiLetterUpper)) return $"{access.InitiatorName}: iSCSI names are compared in lower case.";
        if (!initiators.Add(access.InitiatorName)) return $"{access.InitiatorName} is named twice on one target.";
        if ((access.ChapUser is null) != (access.ChapSecretReference is null) || (access.TargetChapUser is null) != (access.TargetChapSecretReference is null))
            return $"{access.InitiatorName}: CHAP user and secret come together.";
        string?[] references = [access.ChapSecretReference, access.ChapFormerSecretReference, access.TargetChapSecretReference, access.TargetChapFormerSecretReference];
        if (references.OfType<string>().Any(reference => !secrets.TryGetValue(reference, out string? secret) || secret.Length < SecretLengthMin))
            return $"{access.InitiatorName}: the CHAP secret is missing or shorter than {SecretLengthMin} bytes.";
        HashSet<int> luns = [];
        return access.Luns.Select(lun => lun switch
        {
            { Lun: < 0 or > LunMax } => $"{access.InitiatorName}: LUN {lun.Lun} is not between 0 and {LunMax}.",
            _ when !luns.Add(lun.Lun) => $"{access.InitiatorName}: LUN {lun.Lun} is given twice.",
            _ when !legs.Contains(lun.LegId) => $"{access.InitiatorName}: LUN {lun.Lun} stands for leg {lun.LegId}, which the document does not have.",
            _ => null,
        }).FirstOrDefault(fault => fault is not null);
    }
}

/// <summary>What <see cref="ConfigurationRule"/> decided.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Take it.</summary>
    public sealed record Newer : Verdict;

    /// <summary>It is the present one again: nothing to do, and no error.</summary>
    public sealed record Known : Verdict;

    /// <summary>It is not for us.</summary>
    public sealed record WrongUnit(string Reason) : Verdict;

    /// <summary>It is not for now.</summary>
    public sealed record Refused(string Reason) : Verdict;

    /// <summary>It was decided before a lock was granted that this unit knows of.</summary>
    public sealed record Stale(string Reason) : Verdict;

    /// <summary>It contradicts itself.</summary>
    public sealed record Malformed(string Reason) : Verdict;
}
