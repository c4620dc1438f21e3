using VSan.Contracts.Api;
using VSan.HostAgent.Found;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Planning;

/// <summary>What the station is told of a volume; a pure function like the plan.</summary>
internal static class VolumeReport
{
    // Each report is a change that the station keeps: ten of a resynchronisation tell as much as a hundred.
    private const int PercentStep = 10;

    /// <summary>Says it.</summary>
    public static HostVolumeReport Of(VolumeRecord record, FoundVolume found, HostPlan plan)
    {
        HostLegReport[] legs = [.. found.Legs.Select((leg, index) => new HostLegReport(index, StateOf(record, found, leg, index)) { Disk = leg.Disk?.Path, Naa = record.Legs[index].Naa, IsPassing = index >= record.Connect.Legs.Count })];
        Obstacle? first = plan.Obstacles.FirstOrDefault(obstacle => obstacle.NextAction is not null) ?? plan.Obstacles.FirstOrDefault(obstacle => !obstacle.IsProgress);
        return new HostVolumeReport(record.VolumeId, StateOf(record, found, plan, legs), legs)
        {
            Device = Device(record, found),
            MountPath = found.Mount?.Path,
            SyncPercent = found.Array?.Sync is { } sync ? sync.Percent / PercentStep * PercentStep : null,
            Message = first?.Text,
            NextAction = first?.NextAction,
        };
    }

    private static HostVolumeState StateOf(VolumeRecord record, FoundVolume found, HostPlan plan, HostLegReport[] legs)
    {
        if (plan.Obstacles.Any(obstacle => obstacle.NextAction is not null)) return HostVolumeState.NeedsOperator;
        bool isUsable = Device(record, found) is not null && (record.MountPath is null || found.Mount is not null);
        if (!isUsable) return HostVolumeState.Waiting;
        return legs.All(leg => leg.IsPassing || leg.State == HostLegState.Current) ? HostVolumeState.InUse : HostVolumeState.Degraded;
    }

    private static HostLegState StateOf(VolumeRecord record, FoundVolume found, FoundLeg leg, int index)
    {
        bool isReached = leg.Disk is { IsRunning: true } && leg.Portals.Any(portal => portal.Session is { IsLoggedIn: true });
        if (record.Connect.Assembly.Method != AssemblyMethod.MdRaid1) return isReached ? HostLegState.Current : HostLegState.Absent;
        if (found.Array is not { IsRunning: true } array) return isReached ? HostLegState.Connected : HostLegState.Absent;
        return array.Members.FirstOrDefault(member => member.Disk == leg.Disk?.Name)?.State switch
        {
            MemberState.InSync => HostLegState.Current,
            MemberState.Rebuilding => HostLegState.Syncing,
            MemberState.Faulty => HostLegState.Failed,
            _ => !isReached ? HostLegState.Absent : index < record.Connect.Legs.Count ? HostLegState.Failed : HostLegState.Connected,
        };
    }

    private static string? Device(VolumeRecord record, FoundVolume found) => record.Connect.Assembly.Method switch
    {
        AssemblyMethod.None => found.Legs[0].Disk?.Path,
        AssemblyMethod.MdRaid1 => found.Array is { IsRunning: true } array ? array.Path : null,
        AssemblyMethod.DmStriped or AssemblyMethod.DmLinear => found.Map is { } map ? $"/dev/{map.Name}" : null,
    };
}
