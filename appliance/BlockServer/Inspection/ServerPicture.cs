using VSan.BlockServer.Serving;
using VSan.Iscsi;
using VSan.Scsi;

namespace VSan.BlockServer.Inspection;

/// <summary>A block server at one moment: the source of inspect and of the metrics alike.</summary>
/// <param name="Generation">The generation that is served.</param>
/// <param name="Portals">Addresses that listen.</param>
/// <param name="Volumes">What is served.</param>
/// <param name="Sessions">Who is logged in.</param>
/// <param name="TotalsByAccess">What sessions counted, by the access list's entry; ended ones too.</param>
/// <param name="Rings">The rings.</param>
internal sealed record ServerPicture(
    long Generation,
    IReadOnlyList<string> Portals,
    IReadOnlyList<VolumePicture> Volumes,
    IReadOnlyList<SessionSnapshot> Sessions,
    IReadOnlyDictionary<string, CommandTotals> TotalsByAccess,
    IReadOnlyList<RingPicture> Rings);

/// <summary>One volume.</summary>
/// <param name="Served">What it is.</param>
/// <param name="Counters">Of each ring that used it.</param>
/// <param name="Totals">All rings together.</param>
/// <param name="AllocatedBytes">Space that it takes; null where nobody can tell.</param>
internal sealed record VolumePicture(ServedVolume Served, IReadOnlyList<LogicalUnitCounters> Counters, CommandTotals Totals, long? AllocatedBytes)
{
    /// <summary>Takes the picture of one volume.</summary>
    internal static VolumePicture Of(ServedVolume served, IReadOnlyList<RingFrontEnd> rings)
    {
        LogicalUnitCounters[] counters = served.Unit is null
            ? []
            : [.. rings.Select(ring => served.Unit.CountersOf(ring.Ring.Index)).OfType<LogicalUnitCounters>()];
        var totals = new CommandTotals();
        foreach (LogicalUnitCounters one in counters) _ = totals.Add(one.Measures);
        return new VolumePicture(served, counters, totals, served.Volume?.MeasureSpace()?.UsedBytes);
    }

    /// <summary>In a word: <c>serving</c>, <c>suspect</c>, <c>closed</c>, <c>failed</c>.</summary>
    internal string State => Served.Volume?.State ?? "failed";
}

/// <summary>One ring.</summary>
/// <param name="FrontEnd">The ring itself; its counters may be read by any thread.</param>
/// <param name="Commands">Its commands in flight; null when it did not answer in time.</param>
internal sealed record RingPicture(RingFrontEnd FrontEnd, IReadOnlyList<CommandSnapshot>? Commands)
{
    /// <summary>A ring that hangs must not hide the others from whoever looks.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Takes the picture of one ring.</summary>
    internal static async Task<RingPicture> OfAsync(RingFrontEnd ring)
    {
        IReadOnlyList<CommandSnapshot>? commands = null;
        Task looked = ring.RunAsync(() => Volatile.Write(ref commands, ring.Iscsi.CommandsInFlight()));
        await looked.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new RingPicture(ring, Volatile.Read(ref commands));
    }
}
