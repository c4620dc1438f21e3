using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>What hosts say of their volumes: kept as it was told, and an event at each copy that is lost or whole again.</summary>
public sealed class HostReportService
{
    /// <summary>Volumes in one report; a host with more has them told by several agents, or not at all.</summary>
    public const int VolumesMax = 256;

    private const int TextMax = 1024;

    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;

    internal HostReportService(Ledger ledger, OperationEngine engine) => (_ledger, _engine) = (ledger, engine);

    /// <summary>What a host said last; empty before the first time.</summary>
    public Task<HostReport> GetAsync(Caller caller, Guid hostId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            caller,
            "host.read",
            $"host/{hostId}",
            transaction =>
            {
                transaction.Require<Domain.Host>(hostId, "host");
                return HostReports.Of(transaction, hostId) ?? new HostReport([]);
            },
            cancellationToken);
    }

    /// <summary>Keeps what a host says.</summary>
    /// <exception cref="ProblemException">It is too long.</exception>
    public async Task<HostReport> KeepAsync(Caller caller, Guid hostId, HostReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        Domain.Operation[] waiting = [];
        HostReport kept = await _ledger.MutateAsync(
            caller,
            "host.report",
            $"host/{hostId}",
            (transaction, now) =>
            {
                HostReport next = Keep(transaction, now, hostId, report);
                waiting = [.. next.Volumes.Select(volume => transaction.RunningOn(volume.VolumeId, OperationCatalog.VolumeReplaceLeg)).OfType<Domain.Operation>()];
                return next;
            },
            cancellationToken);
        foreach (Domain.Operation operation in waiting) _engine.Nudge(operation);
        return kept;
    }

    private static HostReport Keep(IStationTransaction transaction, DateTimeOffset now, Guid hostId, HostReport report)
    {
        Domain.Host host = transaction.Require<Domain.Host>(hostId, "host");
        RequireSize(report);
        Guid[] own = [.. transaction.Table<Domain.Mapping>().Where(Lookups.MappingHost, hostId.ToString()).Select(mapping => mapping.VolumeId)];
        HostVolumeReport[] volumes =
        [
            .. report.Volumes.Where(volume => own.Contains(volume.VolumeId)).DistinctBy(volume => volume.VolumeId)
                .Select(volume => volume with { VolumeName = transaction.Table<Domain.Volume>().Find(volume.VolumeId)?.Name }),
        ];
        HostReport kept = new(volumes) { ReportedAt = now };
        foreach (HostVolumeReport volume in volumes) Tell(transaction, now, host, HostReports.Of(transaction, hostId)?.Volumes.FirstOrDefault(one => one.VolumeId == volume.VolumeId), volume);
        ITable<Domain.HostReport> reports = transaction.Table<Domain.HostReport>();
        string content = JsonSerializer.Serialize(kept, ApiJson.Default.HostReport);
        if (reports.Find(hostId) is { } present) reports.Update(present with { ReportedAt = now, Content = content });
        else reports.Insert(new Domain.HostReport(hostId, now, content));
        return kept;
    }

    // The change is the event; the same word again is none.
    private static void Tell(IStationTransaction transaction, DateTimeOffset now, Domain.Host host, HostVolumeReport? before, HostVolumeReport after)
    {
        int[] lost = Without(after);
        if (before is not null && before.State == after.State && Without(before).SequenceEqual(lost)) return;
        string subject = $"volume/{after.VolumeId}";
        if (after.State == HostVolumeState.NeedsOperator) transaction.AppendEvent(now, "host.volume-refused", subject, $"Host {host.Name} does not start volume {after.VolumeName}: {after.Message}");
        else if (after.State == HostVolumeState.Degraded && lost.Length > 0) transaction.AppendEvent(now, "host.volume-degraded", subject, $"Host {host.Name} runs volume {after.VolumeName} without {(lost.Length == 1 ? "leg" : "legs")} {string.Join(" and ", lost)}.");
        else if (after.State == HostVolumeState.InUse && before is { State: not HostVolumeState.InUse }) transaction.AppendEvent(now, "host.volume-whole", subject, $"Host {host.Name} has volume {after.VolumeName} whole again.");
    }

    private static int[] Without(HostVolumeReport volume) => [.. volume.Legs.Where(leg => leg is { IsPassing: false, State: HostLegState.Absent or HostLegState.Failed }).Select(leg => leg.Index).Order()];

    private static void RequireSize(HostReport report)
    {
        if (report.Volumes is null || report.Volumes.Count > VolumesMax) throw ProblemException.Field("/volumes", $"has at most {VolumesMax} volumes.");
        foreach (HostVolumeReport volume in report.Volumes)
        {
            if (volume.Legs is null || volume.Legs.Count > Domain.VolumeLayout.StripeWidthMax) throw ProblemException.Field("/volumes/legs", $"has at most {Domain.VolumeLayout.StripeWidthMax} legs.");
            if (((string?[])[volume.Device, volume.MountPath, volume.Message, volume.NextAction, .. volume.Legs.Select(leg => leg.Disk), .. volume.Legs.Select(leg => leg.Naa)]).Any(text => text?.Length > TextMax))
                throw ProblemException.Field("/volumes", $"has no text of more than {TextMax} characters.");
        }
    }
}
