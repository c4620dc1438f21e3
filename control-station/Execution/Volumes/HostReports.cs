using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Reading what hosts said last.</summary>
internal static class HostReports
{
    /// <summary>All that a host said; null before the first time.</summary>
    public static Contracts.Api.HostReport? Of(IStationTransaction transaction, Guid hostId) =>
        transaction.Table<Domain.HostReport>().Find(hostId) is { } row ? JsonSerializer.Deserialize(row.Content, ApiJson.Default.HostReport) : null;

    /// <summary>What a host said of one volume; null when it said nothing.</summary>
    public static HostVolumeReport? Of(IStationTransaction transaction, Guid hostId, Guid volumeId) =>
        Of(transaction, hostId)?.Volumes.FirstOrDefault(volume => volume.VolumeId == volumeId);

    /// <summary>What it said of one leg; null when it does not have it.</summary>
    public static HostLegReport? LegOf(HostVolumeReport? report, Guid legId) => report?.Legs.FirstOrDefault(leg => leg.Naa == Naa.Of(legId));
}
