using System.Globalization;
using VSan.BlockServer.Inspection;
using VSan.Iscsi;
using VSan.Scsi;

namespace VSan.BlockServer.Metrics;

/// <summary>
/// The counters as Prometheus reads them. Labels take their values from the configuration and from closed sets only, never from a peer, so that
/// their number is bounded: an initiator goes by the access list's entry that let it in.
/// </summary>
internal static class MetricsPage
{
    /// <summary>Content type of the page.</summary>
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    // 8 µs to 34 s, each four times the one before; in ns, and each a bound of the histogram's own buckets, so that no count is a guess.
    private static readonly long[] BoundsNanoseconds = [.. Enumerable.Range(0, 12).Select(step => 8192L << (2 * step))];

    private static readonly string[] Phases = ["buffer", "data", "gate", "volume", "answer"];

    internal static string Make(ServerPicture picture)
    {
        var text = new MetricsText();
        text.Family("vsan_configuration_generation", "gauge", "Generation of the configuration that is served.");
        text.Sample("", picture.Generation);
        AddVolumes(text, picture.Volumes, picture.Rings);
        AddInitiators(text, picture);
        AddRings(text, picture.Rings);
        AddProtocol(text, picture.Rings);
        return text.ToString();
    }

    private static void AddVolumes(MetricsText text, IReadOnlyList<VolumePicture> volumes, IReadOnlyList<RingPicture> rings)
    {
        AddAll(text, "vsan_volume_size_bytes", "gauge", "Capacity of the volume; 0 when it could not be opened.", volumes, one => (double)(one.Served.Volume?.Geometry.CapacityBytes ?? 0));
        AddAll(text, "vsan_volume_allocated_bytes", "gauge", "Space that the volume takes on its store; shared blocks count in full.", [.. volumes.Where(one => one.AllocatedBytes is not null)], one => (double)one.AllocatedBytes!);
        AddAll(text, "vsan_volume_serving", "gauge", "1 while the volume is served without a doubt, 0 when it failed, is suspect or closed.", volumes, one => one.State == "serving" ? 1 : 0);
        VolumePicture[] thin = [.. volumes.Where(one => one.Served.Unit?.Threshold is not null)];
        AddAll(text, "vsan_volume_available_bytes", "gauge", "Bytes that the volume's store has left, for all of its volumes.", thin, one => one.Served.Unit!.Threshold!.Space.AvailableBytes);
        AddAll(text, "vsan_volume_space_low", "gauge", "1 from the moment that the soft threshold is reached until there is room again.", thin, one => one.Served.Unit!.Threshold!.IsReached ? 1 : 0);
        ILookup<LogicalUnit?, CommandSnapshot> commands = rings.SelectMany(ring => ring.Commands ?? []).ToLookup(one => one.Unit);
        AddAll(text, "vsan_volume_commands_in_flight", "gauge", "Commands on the volume that are not answered.", volumes, one => one.Served.Unit is null ? 0 : commands[one.Served.Unit].Count());
        AddAll(text, "vsan_volume_failed_commands_total", "counter", "Commands that the store below the volume failed.", volumes, one => one.Counters.Sum(each => each.FailedCommands));
        AddAll(text, "vsan_volume_limited_requests_total", "counter", "Requests that had to wait for the volume's limit.", volumes, one => one.Served.Volume?.LimitedRequests ?? 0);
        AddAll(text, "vsan_volume_waiting_requests", "gauge", "Requests that wait for the volume's limit now.", volumes, one => one.Served.Volume?.WaitingRequests ?? 0);
        VolumePicture[] limited = [.. volumes.Where(one => one.Served.Configuration.Limits is not null)];
        AddAll(text, "vsan_volume_limit_iops", "gauge", "Requests a second that the volume may be asked for; 0 for no limit of them.", limited, one => one.Served.Configuration.Limits!.MaxIops ?? 0);
        AddAll(text, "vsan_volume_limit_bytes_per_second", "gauge", "Bytes a second that may be moved from and to the volume; 0 for no limit of them.", limited, one => one.Served.Configuration.Limits!.MaxBytesPerSecond ?? 0);
        AddTotals(text, "vsan_volume", "the volume", [.. volumes.Select(one => new LabelledTotals(Label(one), one.Totals))]);

        static string Label(VolumePicture volume) => MetricsText.Label("volume", volume.Served.Configuration.Id.ToString());
        static void AddAll(MetricsText text, string name, string type, string help, IReadOnlyList<VolumePicture> volumes, Func<VolumePicture, double> value)
        {
            text.Family(name, type, help);
            foreach (VolumePicture volume in volumes) text.Sample(Label(volume), value(volume));
        }
    }

    private static void AddInitiators(MetricsText text, ServerPicture picture)
    {
        text.Family("vsan_initiator_sessions", "gauge", "Sessions that are logged in, by the access list's entry.");
        ILookup<string?, SessionSnapshot> sessions = picture.Sessions.ToLookup(session => session.AccessName);
        string[] names = [.. picture.TotalsByAccess.Keys.Order(StringComparer.Ordinal)];
        foreach (string name in names) text.Sample(MetricsText.Label("initiator", name), sessions[name].Count());
        AddTotals(text, "vsan_initiator", "the initiator", [.. names.Select(name => new LabelledTotals(MetricsText.Label("initiator", name), picture.TotalsByAccess[name]))]);
    }

    private static void AddTotals(MetricsText text, string prefix, string whose, IReadOnlyList<LabelledTotals> rows)
    {
        text.Family($"{prefix}_read_bytes_total", "counter", $"Bytes handed to initiators, of {whose}.");
        foreach ((string label, CommandTotals totals) in rows) text.Sample(label, totals.BytesRead);
        text.Family($"{prefix}_written_bytes_total", "counter", $"Bytes taken from initiators, of {whose}.");
        foreach ((string label, CommandTotals totals) in rows) text.Sample(label, totals.BytesWritten);
        text.Family($"{prefix}_bad_ends_total", "counter", $"Commands of {whose} that ended otherwise than GOOD, by sense key or status.");
        foreach ((string label, CommandTotals totals) in rows)
        {
            foreach ((string kind, long count) in totals.BadEnds.Where(one => one.Count > 0)) text.Sample($"{label},{MetricsText.Label("kind", kind)}", count);
        }

        text.Family($"{prefix}_command_duration_seconds", "histogram", $"Time from a command's arrival to its answer, of {whose}.");
        foreach ((string label, CommandTotals totals) in rows)
        {
            foreach (CommandKind kind in InspectionMaker.Kinds)
            {
                LatencySum latencies = totals.Latencies(kind);
                if (latencies.Count > 0) text.Histogram($"{label},{MetricsText.Label("operation", InspectionMaker.NameOf(kind))}", latencies, BoundsNanoseconds);
            }
        }
    }

    private static void AddRings(MetricsText text, IReadOnlyList<RingPicture> rings)
    {
        AddAll(text, "vsan_ring_responding", "gauge", "1 when the ring answered within a second.", rings, ring => ring.Commands is null ? 0 : 1);
        AddAll(text, "vsan_ring_connections", "gauge", "Connections that live on the ring.", rings, ring => ring.FrontEnd.Links);
        AddAll(text, "vsan_ring_buffer_bytes", "gauge", "Data buffers of the ring.", rings, ring => ring.FrontEnd.Ring.Options.ArenaBytes);
        AddAll(text, "vsan_ring_free_buffer_bytes", "gauge", "Data buffers that are not lent.", rings, ring => ring.FrontEnd.FreeBufferBytes);
        AddAll(text, "vsan_ring_enters_total", "counter", "io_uring_enter calls.", rings, ring => ring.FrontEnd.Ring.Enters);
        AddAll(text, "vsan_ring_oldest_command_seconds", "gauge", "Age of the oldest command that is not answered; 0 without one.", rings, ring => (ring.Commands ?? []).Select(one => one.Age.TotalSeconds).DefaultIfEmpty(0).Max());
        text.Family("vsan_ring_commands_in_flight", "gauge", "Commands that are not answered, by what they wait for: a buffer, data of the initiator, the gate of an atomic command, the volume, the answer.");
        foreach (RingPicture ring in rings)
        {
            foreach (string phase in Phases) text.Sample($"{Label(ring)},{MetricsText.Label("phase", phase)}", (ring.Commands ?? []).Count(one => one.Phase == phase));
        }
    }

    private static void AddProtocol(MetricsText text, IReadOnlyList<RingPicture> rings)
    {
        AddAll(text, "vsan_logins_total", "counter", "Sessions that reached full feature phase.", rings, ring => ring.FrontEnd.Iscsi.Counters.Logins);
        AddAll(text, "vsan_task_set_full_total", "counter", "Commands answered TASK SET FULL.", rings, ring => ring.FrontEnd.Iscsi.Counters.TaskSetFull);
        AddAll(text, "vsan_ready_to_transfer_total", "counter", "R2Ts sent: each makes a write wait for a round trip.", rings, ring => ring.FrontEnd.Iscsi.Counters.ReadyToTransfer);
        AddAll(text, "vsan_task_aborts_total", "counter", "Task management functions that end tasks.", rings, ring => ring.FrontEnd.Iscsi.Counters.Aborts);
        AddAll(text, "vsan_resets_total", "counter", "Logical unit and target resets.", rings, ring => ring.FrontEnd.Iscsi.Counters.Resets);
        AddReasons(text, "vsan_login_refusals_total", "Logins that were refused, by status (RFC 7143, 11.13.5).", rings, counters => counters.LoginRefusals);
        AddReasons(text, "vsan_pdu_rejects_total", "PDUs that were rejected, by reason (RFC 7143, 11.17.1); bad data digests are among them.", rings, counters => counters.Rejects);
        AddReasons(text, "vsan_connection_drops_total", "Connections that ended without a Reject, by reason; bad header digests are among them.", rings, counters => counters.Drops);
    }

    private static void AddAll(MetricsText text, string name, string type, string help, IReadOnlyList<RingPicture> rings, Func<RingPicture, double> value)
    {
        text.Family(name, type, help);
        foreach (RingPicture ring in rings) text.Sample(Label(ring), value(ring));
    }

    private static void AddReasons(
        MetricsText text, string name, string help, IReadOnlyList<RingPicture> rings, Func<IscsiCounters, IReadOnlyList<NamedCount>> counts)
    {
        text.Family(name, "counter", help);
        foreach (RingPicture ring in rings)
        {
            foreach ((string reason, long count) in counts(ring.FrontEnd.Iscsi.Counters)) text.Sample($"{Label(ring)},{MetricsText.Label("reason", reason)}", count);
        }
    }

    private static string Label(RingPicture ring) => MetricsText.Label("ring", ring.FrontEnd.Ring.Index.ToString(CultureInfo.InvariantCulture));

    private sealed record LabelledTotals(string Label, CommandTotals Totals);
}
