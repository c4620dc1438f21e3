using VSan.Contracts.BlockServer;

namespace VSan.BlockServer.Inspection;

/// <summary>One look, and when it was.</summary>
/// <param name="Inspection">What was seen.</param>
/// <param name="Timestamp">Of the system's clock.</param>
internal sealed record Look(BlockServerInspection Inspection, long Timestamp);

/// <summary>What happened between two looks, for each second.</summary>
/// <param name="Volumes">By volume.</param>
/// <param name="Sessions">By session.</param>
internal sealed record InspectionRates(IReadOnlyDictionary<Guid, Rate> Volumes, IReadOnlyDictionary<int, Rate> Sessions)
{
    internal static InspectionRates Between(Look before, Look now)
    {
        double seconds = Math.Max(TimeProvider.System.GetElapsedTime(before.Timestamp, now.Timestamp).TotalSeconds, 0.001);
        var volumes = before.Inspection.Volumes.ToDictionary(one => one.Id);
        var sessions = before.Inspection.Sessions.ToDictionary(one => (one.Tsih, one.Peer));
        return new InspectionRates(
            now.Inspection.Volumes.Where(one => volumes.ContainsKey(one.Id)).ToDictionary(one => one.Id, one => Rate.Of(Seen(one), Seen(volumes[one.Id]), seconds)),
            now.Inspection.Sessions.Where(one => sessions.ContainsKey((one.Tsih, one.Peer))).ToDictionary(one => one.Tsih, one => Rate.Of(Seen(one), Seen(sessions[(one.Tsih, one.Peer)]), seconds)));
    }

    private static (long Commands, long Read, long Written) Seen(VolumeInspection volume)
        => (volume.Latencies.Sum(one => one.Commands), volume.ReadBytes, volume.WrittenBytes);

    private static (long Commands, long Read, long Written) Seen(SessionInspection session) => (session.Commands, session.ReadBytes, session.WrittenBytes);
}

/// <summary>Per second.</summary>
/// <param name="Commands">Commands.</param>
/// <param name="ReadBytes">Bytes handed to initiators.</param>
/// <param name="WrittenBytes">Bytes taken from them.</param>
internal readonly record struct Rate(double Commands, double ReadBytes, double WrittenBytes)
{
    // A counter that fell began anew meanwhile: nothing can be said of it.
    internal static Rate Of((long Commands, long Read, long Written) now, (long Commands, long Read, long Written) before, double seconds)
        => new(Math.Max(0, now.Commands - before.Commands) / seconds, Math.Max(0, now.Read - before.Read) / seconds, Math.Max(0, now.Written - before.Written) / seconds);
}
