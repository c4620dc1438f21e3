using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Says of each disk whether it may be claimed. Pure: what is not blank is never taken, whoever asks.</summary>
internal static class DiskSelection
{
    /// <summary>True when the disk is what the selector asks for.</summary>
    public static bool Matches(DiskSelector selector, Domain.Unit unit, DiskInventory disk) =>
        (selector.Media is null || selector.Media == disk.Media)
        && (selector.Model is null || disk.Model.Contains(selector.Model, StringComparison.OrdinalIgnoreCase))
        && (selector.SizeBytesMin is null || disk.SizeBytes >= selector.SizeBytesMin)
        && (selector.SizeBytesMax is null || disk.SizeBytes <= selector.SizeBytesMax)
        && (selector.Labels ?? new Dictionary<string, string>()).All(label => unit.Labels.GetValueOrDefault(label.Key) == label.Value);

    /// <summary>Why a disk cannot be claimed; null when it can.</summary>
    public static string? Obstacle(Domain.Unit unit, DiskInventory disk, bool isClaimed)
    {
        if (isClaimed) return "It is claimed already.";
        if (unit.Phase != UnitPhase.Ready) return $"{unit.Name} is not ready.";
        return disk.State switch
        {
            DiskState.Blank => null,
            DiskState.Ours => $"It carries store {disk.StoreId}.",
            DiskState.Foreign => $"It is not blank: {disk.Content}. It is never touched.",
            DiskState.Unreadable => $"It cannot be read: {disk.Content}.",
        };
    }

    /// <summary>A stored rule as a selector.</summary>
    public static DiskSelector Of(Domain.ClaimRule rule) => new(
        rule.Media is null ? null : Enum.Parse<DiskMedia>(rule.Media), rule.Model, rule.SizeBytesMin, rule.SizeBytesMax, rule.Labels);
}
