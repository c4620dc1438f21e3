using System.Globalization;
using VSan.Contracts.Api;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Hosts;

/// <summary>What a host's agent has made of its volumes: disks of legs, the mirror over them, where it is mounted.</summary>
internal static class HostLayers
{
    /// <summary>The section of the host's page.</summary>
    public static Section Of(HostReport report, IReadOnlyList<Mapping> mappings, DateTimeOffset now)
    {
        if (report.ReportedAt is not { } at)
        {
            return new Section("layers", "On the host itself", new Paragraph(
                "No agent has told what the host makes of its volumes. vsan-host does: it logs in, builds mirrors, makes filesystems and mounts them. Without it, connect by hand: “How to connect”."));
        }

        return new Section(
            "layers", "On the host itself",
            new Paragraph($"As its agent told {Age.Between(at, now).Ago}."),
            new Table("Volumes as the host has them", ["Volume", "State", "Disk", "Mounted at", "Legs"],
                [.. report.Volumes.Select(volume => RowOf(volume, mappings))], "The agent keeps no volume."));
    }

    private static Row RowOf(HostVolumeReport volume, IReadOnlyList<Mapping> mappings) => new(
        $"layer-{volume.VolumeId}",
        new Link(volume.VolumeName ?? volume.VolumeId.ToString(), $"/app/volumes/{volume.VolumeId}"),
        new Mark(CueOf(volume.State), string.Join(' ', new[] { volume.Message, volume.NextAction }.OfType<string>()) is { Length: > 0 } words ? words : null),
        volume.Device is { } device ? new Code(device) : new Quiet("none"),
        volume.MountPath is { } path ? new Code(path) : new Quiet("not mounted"),
        new Lines([.. volume.Legs.Select(leg => LegOf(leg, volume, mappings))]));

    private static Mark LegOf(HostLegReport leg, HostVolumeReport volume, IReadOnlyList<Mapping> mappings)
    {
        string? unit = mappings.FirstOrDefault(mapping => mapping.VolumeId == volume.VolumeId)?.Legs.ElementAtOrDefault(leg.Index)?.UnitName;
        string place = leg.IsPassing ? "a leg that comes or goes" : $"leg {(leg.Index + 1).ToString(CultureInfo.InvariantCulture)}{(unit is null ? "" : $" on {unit}")}";
        string progress = leg.State == HostLegState.Syncing && volume.SyncPercent is { } percent ? $", {percent} %" : "";
        return new Mark(CueOf(leg.State), $"{place}{(leg.Disk is { } disk ? $", {disk}" : "")}{progress}");
    }

    private static Cue CueOf(HostVolumeState state) => state switch
    {
        HostVolumeState.InUse => new(Tone.Ok, "In use"),
        HostVolumeState.Degraded => new(Tone.Warning, "Degraded"),
        HostVolumeState.Waiting => new(Tone.Busy, "Waiting"),
        HostVolumeState.NeedsOperator => new(Tone.Critical, "Needs you"),
    };

    private static Cue CueOf(HostLegState state) => state switch
    {
        HostLegState.Current => new(Tone.Ok, "Current"),
        HostLegState.Syncing => new(Tone.Busy, "Catching up"),
        HostLegState.Connected => new(Tone.Unknown, "Connected"),
        HostLegState.Absent => new(Tone.Warning, "Absent"),
        HostLegState.Failed => new(Tone.Critical, "Failed"),
    };
}
