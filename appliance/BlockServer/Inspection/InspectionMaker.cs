using VSan.Contracts;
using VSan.Contracts.BlockServer;
using VSan.Iscsi;
using VSan.Scsi;
using VSan.Volumes;

namespace VSan.BlockServer.Inspection;

/// <summary>From the picture to the words of the control socket.</summary>
internal static class InspectionMaker
{
    /// <summary>Commands in flight that are shown: whoever looks for a stuck one finds it among the oldest.</summary>
    internal const int OldestCommandsMax = 100;

    internal static readonly CommandKind[] Kinds = Enum.GetValues<CommandKind>();

    /// <summary>The operation's name in JSON and in labels.</summary>
    internal static string NameOf(CommandKind kind) => kind switch
    {
        CommandKind.Read => "read",
        CommandKind.Write => "write",
        CommandKind.Flush => "flush",
        CommandKind.Unmap => "unmap",
        CommandKind.Other => "other",
    };

    internal static BlockServerInspection Make(ServerPicture picture)
    {
        Dictionary<LogicalUnit, Guid> volumes = picture.Volumes
            .Where(one => one.Served.Unit is not null)
            .ToDictionary(one => one.Served.Unit!, one => one.Served.Configuration.Id);
        CommandInspection[] commands = [.. picture.Rings.SelectMany(ring => Commands(ring, volumes)).OrderByDescending(one => one.AgeSeconds)];
        ILookup<Guid?, CommandInspection> byVolume = commands.ToLookup(one => one.VolumeId);
        return new BlockServerInspection(
            picture.Portals,
            [.. picture.Volumes.Select(one => Volume(one, byVolume[one.Served.Configuration.Id].Count()))],
            [.. picture.Sessions.Select(Session)],
            [.. picture.Rings.Select(Ring)])
        {
            OldestCommands = [.. commands.Take(OldestCommandsMax)],
            Events = Events(picture.Rings),
        };
    }

    /// <summary>What all rings counted beside commands, by name.</summary>
    private static List<EventInspection> Events(IReadOnlyList<RingPicture> rings)
    {
        IscsiCounters[] counters = [.. rings.Select(ring => ring.FrontEnd.Iscsi.Counters)];
        return Happened(counters.SelectMany(one => (IEnumerable<NamedCount>)
        [
            new("logins", one.Logins),
            .. one.LoginRefusals.Select(refusal => refusal with { Name = $"login refused: {refusal.Name}" }),
            .. one.Rejects.Select(reject => reject with { Name = $"PDU rejected: {reject.Name}" }),
            .. one.Drops.Select(drop => drop with { Name = $"connection dropped: {drop.Name}" }),
            new("TASK SET FULL", one.TaskSetFull),
            new("R2T sent", one.ReadyToTransfer),
            new("tasks aborted", one.Aborts),
            new("resets", one.Resets),
        ]));
    }

    private static IEnumerable<CommandInspection> Commands(RingPicture ring, Dictionary<LogicalUnit, Guid> volumes)
        => (ring.Commands ?? []).Select(command => new CommandInspection(
            command.Age.TotalSeconds,
            command.Name,
            command.Phase,
            command.Unit is { } unit && volumes.TryGetValue(unit, out Guid id) ? id : null,
            command.Lun,
            command.InitiatorName,
            command.Tsih,
            command.Tag,
            ring.FrontEnd.Ring.Index,
            command.OutstandingR2T));

    private static VolumeInspection Volume(VolumePicture volume, int inFlight) => new(
        volume.Served.Configuration.Id,
        (long)(volume.Served.Volume?.Geometry.CapacityBytes ?? 0),
        volume.State,
        volume.Counters.Sum(one => one.ReadCommands),
        volume.Counters.Sum(one => one.WriteCommands),
        volume.Counters.Sum(one => one.ReadBytes),
        volume.Counters.Sum(one => one.WrittenBytes),
        volume.Counters.Sum(one => one.FailedCommands))
    {
        Provisioning = volume.Served.Volume?.Geometry.Thin switch { true => "thin", false => "thick", null => null },
        AllocatedBytes = volume.AllocatedBytes,
        DeviceIdentity = (volume.Served.Volume as BlockDeviceVolume)?.Identity,
        CommandsInFlight = inFlight,
        Latencies = Latencies(volume.Totals),
        ReadWriteLatencies = ReadWriteLatencies(volume.Totals),
        BadEnds = BadEnds(volume.Totals),
        Space = Space(volume.Served.Unit),
        Limits = volume.Served.Configuration.Limits,
        LimitedRequests = volume.Served.Volume?.LimitedRequests ?? 0,
        WaitingRequests = volume.Served.Volume?.WaitingRequests ?? 0,
    };

    private static SpaceInspection? Space(LogicalUnit? unit)
        => unit?.Threshold is { } threshold ? new SpaceInspection(threshold.Space.UsedBytes, threshold.Space.AvailableBytes, unit.ThresholdBytes, threshold.IsReached) : null;

    private static SessionInspection Session(SessionSnapshot session)
        => new(session.InitiatorName, session.TargetName ?? string.Empty, session.Tsih, session.Peer, session.InFlight, session.Commands)
        {
            Ring = session.RingIndex,
            AgeSeconds = session.Age.TotalSeconds,
            Parameters = session.Parameters,
            ReadBytes = session.Totals.BytesRead,
            WrittenBytes = session.Totals.BytesWritten,
            Latencies = Latencies(session.Totals),
            BadEnds = BadEnds(session.Totals),
        };

    private static RingInspection Ring(RingPicture ring)
        => new(ring.FrontEnd.Ring.Index, ring.FrontEnd.Links, ring.FrontEnd.FreeBufferBytes, ring.FrontEnd.Ring.Enters)
        {
            BufferBytes = ring.FrontEnd.Ring.Options.ArenaBytes,
            Responding = ring.Commands is not null,
            CommandsInFlight = Happened((ring.Commands ?? []).Select(one => new NamedCount(one.Phase, 1))),
        };

    private static List<LatencyInspection> Latencies(CommandTotals totals)
        => [.. Array.ConvertAll(Kinds, kind => Latency(NameOf(kind), totals.Latencies(kind))).Where(one => one.Commands > 0)];

    private static LatencyCounts? ReadWriteLatencies(CommandTotals totals)
    {
        LatencySum sum = new();
        sum.Add(totals.Latencies(CommandKind.Read));
        sum.Add(totals.Latencies(CommandKind.Write));
        return LatencyCounts.Of(sum.Buckets);
    }

    private static LatencyInspection Latency(string operation, LatencySum sum) => new(
        operation,
        sum.Count,
        sum.Percentile(0.5).TotalSeconds,
        sum.Percentile(0.99).TotalSeconds,
        sum.Percentile(0.999).TotalSeconds,
        sum.LongestNanoseconds / 1e9);

    private static List<EventInspection> BadEnds(CommandTotals totals) => Happened(totals.BadEnds);

    private static List<EventInspection> Happened(IEnumerable<NamedCount> counts)
        => [.. counts.GroupBy(one => one.Name).Select(group => new EventInspection(group.Key, group.Sum(one => one.Count))).Where(one => one.Count > 0)];
}
