using System.Globalization;
using System.Text;
using VSan.Contracts.BlockServer;

namespace VSan.BlockServer.Inspection;

/// <summary>The picture as tables for people: what is stuck comes first, what is idle takes a line.</summary>
internal static class InspectionTable
{
    // Older ones are what an administrator looks for; the rest is a count.
    private const int CommandsShown = 20;

    internal static string Draw(ControlAnswer answer, InspectionRates? rates = null)
    {
        BlockServerInspection seen = answer.Inspection!;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"generation {answer.Generation}, portals {(seen.Portals.Count == 0 ? "none" : string.Join(' ', seen.Portals))}\n");
        AddCommands(page, seen);
        AddVolumes(page, seen, rates);
        AddSessions(page, seen, rates);
        AddRings(page, seen);
        AddEvents(page, seen);
        return page.ToString().TrimEnd('\n');
    }

    private static void AddCommands(StringBuilder page, BlockServerInspection seen)
    {
        long inFlight = seen.Rings.Sum(ring => ring.CommandsInFlight.Sum(one => one.Count));
        var table = new TextTable($"commands in flight: {inFlight}{(inFlight > CommandsShown ? $", the oldest {CommandsShown}" : "")}", "age", "command", "waits for", "lun", "volume", "initiator", "tsih", "tag", "ring");
        foreach (CommandInspection one in seen.OldestCommands.Take(CommandsShown))
        {
            string phase = one.Phase == "data" && one.OutstandingR2T > 0 ? $"data of {one.OutstandingR2T} R2T" : one.Phase;
            table.Add(
                Duration(one.AgeSeconds), one.Command, phase, one.Lun < 0 ? "?" : $"{one.Lun}", one.VolumeId?.ToString() ?? "-", Printable(one.InitiatorName), $"{one.Tsih}", one.Tag.ToString("x8", CultureInfo.InvariantCulture), $"{one.Ring}");
        }

        table.DrawTo(page);
    }

    private static void AddVolumes(StringBuilder page, BlockServerInspection seen, InspectionRates? rates)
    {
        var table = new TextTable($"volumes: {seen.Volumes.Count}", ["volume", "state", "size", "taken", "queue", "operation", "commands", "p50", "p99", "p99.9", "longest", .. Rated("bad ends", rates)]);
        foreach (VolumeInspection volume in seen.Volumes)
        {
            string state = volume.Space is { Low: true } space ? $"{volume.State}, store has {Bytes(space.AvailableBytes)} left" : volume.State;
            string[] head = [$"{volume.Id}", state + Limited(volume), Bytes(volume.SizeBytes), Taken(volume), $"{volume.CommandsInFlight}"];
            AddLatencies(table, head, volume.Latencies, [.. RateCells(rates, volume.Id), Joined(volume.BadEnds)]);
        }

        table.DrawTo(page);
    }

    private static void AddSessions(StringBuilder page, BlockServerInspection seen, InspectionRates? rates)
    {
        var table = new TextTable($"sessions: {seen.Sessions.Count}", ["initiator", "peer", "tsih", "ring", "age", "queue", "operation", "commands", "p50", "p99", "p99.9", "longest", .. Rated("bad ends", rates)]);
        foreach (SessionInspection session in seen.Sessions)
        {
            string[] head = [Printable(session.InitiatorName), session.Peer, $"{session.Tsih}", $"{session.Ring}", Duration(session.AgeSeconds), $"{session.CommandsInFlight}"];
            AddLatencies(table, head, session.Latencies, [.. RateCells(rates, session.Tsih), Joined(session.BadEnds)]);
        }

        table.DrawTo(page);
        foreach (IGrouping<string, SessionInspection> same in seen.Sessions.GroupBy(one => $"{(one.TargetName.Length == 0 ? "discovery" : one.TargetName)}  {one.Parameters}"))
            page.Append(CultureInfo.InvariantCulture, $"  tsih {string.Join(',', same.Select(one => one.Tsih))}: {same.Key}\n");
    }

    // What is said once stands in the first row only.
    private static void AddLatencies(TextTable table, string[] head, IReadOnlyList<LatencyInspection> latencies, string[] tail)
    {
        string[] blankHead = [.. head.Select(_ => "")];
        string[] blankTail = [.. tail.Select(_ => "")];
        if (latencies.Count == 0) table.Add([.. head, "-", "0", "", "", "", "", .. tail]);
        for (int row = 0; row < latencies.Count; row++)
        {
            LatencyInspection one = latencies[row];
            table.Add([
                .. row == 0 ? head : blankHead,
                one.Operation, $"{one.Commands}", Duration(one.P50Seconds), Duration(one.P99Seconds), Duration(one.P999Seconds), Duration(one.LongestSeconds),
                .. row == 0 ? tail : blankTail]);
        }
    }

    private static void AddRings(StringBuilder page, BlockServerInspection seen)
    {
        var table = new TextTable($"rings: {seen.Rings.Count}", "ring", "connections", "free buffers", "of", "enters", "commands wait for");
        foreach (RingInspection ring in seen.Rings)
        {
            table.Add(
                $"{ring.Index}", $"{ring.Connections}", Bytes(ring.FreeBufferBytes), Bytes(ring.BufferBytes), $"{ring.Enters}", ring.Responding ? Joined(ring.CommandsInFlight) : "DOES NOT ANSWER");
        }

        table.DrawTo(page);
    }

    private static void AddEvents(StringBuilder page, BlockServerInspection seen)
    {
        var table = new TextTable("since start", "count", "event");
        foreach (EventInspection one in seen.Events) table.Add($"{one.Count}", one.Name);
        table.DrawTo(page);
    }

    private static string[] Rated(string last, InspectionRates? rates) => rates is null ? [last] : ["commands/s", "read/s", "written/s", last];

    private static string[] RateCells(InspectionRates? rates, Guid volume) => rates is null ? [] : Cells(rates.Volumes.GetValueOrDefault(volume));

    private static string[] RateCells(InspectionRates? rates, int tsih) => rates is null ? [] : Cells(rates.Sessions.GetValueOrDefault(tsih));

    private static string[] Cells(Rate rate) => [rate.Commands.ToString("0", CultureInfo.InvariantCulture), Bytes((long)rate.ReadBytes), Bytes((long)rate.WrittenBytes)];

    private static string Limited(VolumeInspection volume)
    {
        if (volume.Limits is not { } limits) return "";
        string[] rates = [limits.MaxIops is { } iops ? $"{iops} IOPS" : "", limits.MaxBytesPerSecond is { } bytes ? $"{Bytes(bytes)}/s" : ""];
        return $", at most {string.Join(" and ", rates.Where(rate => rate.Length > 0))}, {volume.WaitingRequests} wait, {volume.LimitedRequests} have waited";
    }

    private static string Taken(VolumeInspection volume) => $"{(volume.AllocatedBytes is { } bytes ? Bytes(bytes) : "?")} {volume.Provisioning}".TrimEnd();

    private static string Joined(IReadOnlyList<EventInspection> events) => events.Count == 0 ? "-" : string.Join(", ", events.Select(one => $"{one.Count} {one.Name}"));

    // A name is the peer's own text: nothing of it may steer the terminal.
    private static string Printable(string text) => string.Concat(text.Select(c => c is > ' ' and < '\u007F' ? $"{c}" : $"\\u{(int)c:X4}"));

    private static string Duration(double seconds) => seconds switch
    {
        < 0.001 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
    };

    private static string Bytes(long bytes) => bytes switch
    {
        < 10 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB"),
        < 10L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB"),
        < 10L << 40 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0} GiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1099511627776.0:0} TiB"),
    };
}
