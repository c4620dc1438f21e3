using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>
/// What lies between two documents of one unit, part by part. Pure, and in a fixed order: kinds as a unit applies them, names within. Secrets
/// are not in a document; the references to them are, so that a secret that is being replaced shows as a change.
/// </summary>
internal static class DocumentDifference
{
    private static readonly string[] Kinds = ["disk", "leg", "snapshot", "target", "access", "lun", "kept-leg"];

    /// <summary>A part for people, and whole: what people are not shown may differ too.</summary>
    private sealed record Part(string Kind, string Name, string Text, string Whole);

    /// <summary>The changes that make <paramref name="wanted"/> of <paramref name="reached"/>; null has nothing.</summary>
    public static IReadOnlyList<PlanChange> Between(UnitConfiguration? reached, UnitConfiguration wanted)
    {
        Dictionary<(string Kind, string Name), Part> before = (reached is null ? [] : Parts(reached)).ToDictionary(part => (part.Kind, part.Name));
        Part[] after = [.. Parts(wanted)];
        HashSet<(string Kind, string Name)> kept = [.. after.Select(part => (part.Kind, part.Name))];
        List<PlanChange> changes = [];
        foreach (Part part in after)
        {
            Part? was = before.GetValueOrDefault((part.Kind, part.Name));
            if (was?.Whole != part.Whole) changes.Add(new PlanChange(was is null ? PlanChangeKind.Added : PlanChangeKind.Changed, part.Kind, part.Name, was?.Text, part.Text));
        }

        foreach (Part part in before.Values)
            if (!kept.Contains((part.Kind, part.Name))) changes.Add(new PlanChange(PlanChangeKind.Removed, part.Kind, part.Name, part.Text, null));
        return [.. changes.OrderBy(change => Array.IndexOf(Kinds, change.Kind)).ThenBy(change => change.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<Part> Parts(UnitConfiguration document) =>
    [
        .. (document.Disks ?? []).Select(disk => Make("disk", disk.DiskId, string.Create(CultureInfo.InvariantCulture, $"store {disk.StoreId}, {disk.SizeBytes} bytes"), disk, UnitLinkJson.Default.DiskClaimSpec)),
        .. document.Legs.Select(leg => Make("leg", leg.LegId.ToString(), Text(leg), leg, UnitLinkJson.Default.LegSpec)),
        .. document.Snapshots.Select(snapshot => Make("snapshot", snapshot.Leg.LegId.ToString(), Text(snapshot), snapshot, UnitLinkJson.Default.SnapshotSpec)),
        .. document.Targets.SelectMany(Parts),
        .. (document.KeptLegs ?? []).Select(leg => Make("kept-leg", leg.LegId.ToString(), $"store {leg.StoreId}, unserved", leg, UnitLinkJson.Default.KeptLeg)),
    ];

    private static IEnumerable<Part> Parts(TargetSpec target) =>
    [
        Make("target", target.Name, "the unit's target", target with { Access = [] }, UnitLinkJson.Default.TargetSpec),
        .. target.Access.Select(access => Make("access", $"{target.Name} {access.InitiatorName}", Text(access), access with { Luns = [] }, UnitLinkJson.Default.AccessSpec)),
        .. target.Access.SelectMany(access => access.Luns.Select(lun => Make(
            "lun",
            string.Create(CultureInfo.InvariantCulture, $"{target.Name} {access.InitiatorName} {lun.Lun:D3}"),
            $"leg {lun.LegId}{(lun.ReadOnly ? ", read-only" : string.Empty)}",
            lun,
            UnitLinkJson.Default.LunSpec))),
    ];

    private static Part Make<T>(string kind, string name, string text, T spec, JsonTypeInfo<T> type) => new(kind, name, text, JsonSerializer.Serialize(spec, type));

    private static string Text(SnapshotSpec snapshot) => $"{snapshot.Name} of leg {snapshot.SourceLegId}, group {snapshot.GroupId}, {Text(snapshot.Leg)}";

    private static string Text(LegSpec leg) => string.Create(
        CultureInfo.InvariantCulture,
        $"volume {leg.VolumeName}, store {leg.StoreId}, {leg.SizeBytes} bytes in blocks of {leg.BlockSizeBytes}, {(leg.Thin ? "thin" : "thick")}, NAA {leg.Naa}{(leg.OriginId is { } origin ? $", from snapshot {origin}" : string.Empty)}");

    private static string Text(AccessSpec access)
    {
        string?[] references = [access.ChapSecretReference, access.ChapFormerSecretReference, access.TargetChapSecretReference, access.TargetChapFormerSecretReference];
        return access.ChapUser is null ? "without authentication" : $"CHAP user {access.ChapUser}, secrets {string.Join(' ', references.OfType<string>())}";
    }
}
