using VSan.HostAgent.Found;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Planning;

/// <summary>From which copies a mirror may be started: the rule that keeps a copy which missed writes from being served as the volume (docs/adr/0085).</summary>
internal abstract record MirrorRule
{
    private MirrorRule()
    {
    }

    /// <summary>All legs are blank: the mirror is made.</summary>
    internal sealed record Make : MirrorRule;

    /// <summary>These copies are current.</summary>
    /// <param name="Legs">Indices of their legs.</param>
    internal sealed record Start(IReadOnlyList<int> Legs) : MirrorRule;

    /// <summary>It must not be started now.</summary>
    /// <param name="Why">For a person.</param>
    /// <param name="NextAction">What a person can do.</param>
    internal sealed record Refuse(string Why, string? NextAction) : MirrorRule;

    /// <summary>Judges the copies that are there.</summary>
    /// <param name="record">What is known of the volume.</param>
    /// <param name="legs">What is there, in the volume's order.</param>
    public static MirrorRule Judge(VolumeRecord record, IReadOnlyList<FoundLeg> legs)
    {
        for (int index = 0; index < legs.Count; index++)
        {
            if (Stranger(record, index, legs[index].Disk) is { } stranger) return stranger;
        }

        return record.Mirror is { } mirror ? OfRecord(record, mirror, legs) : OfDisks(record, legs);
    }

    private static Refuse? Stranger(VolumeRecord record, int index, FoundDisk? disk) => disk?.Content switch
    {
        DiskContent.Member member when member.ArrayId != record.VolumeId => new Refuse($"{Subject(record, index)} ({disk.Path}) belongs to another md array, {member.ArrayId}.", "Nothing is done to it. Find out who wrote to this volume."),
        DiskContent.FileSystem other => new Refuse($"{Subject(record, index)} ({disk.Path}) holds a filesystem ({other.Type}) and no copy of this mirror.", "Nothing is done to it. Find out who wrote to this volume."),
        DiskContent.Foreign other => new Refuse($"{Subject(record, index)} ({disk.Path}) holds {other.What}.", "Nothing is done to it. Find out who wrote to this volume."),
        _ => null,
    };

    // Somebody has used this mirror before this host's memory of it began: only all copies together tell which are current.
    private static MirrorRule OfDisks(VolumeRecord record, IReadOnlyList<FoundLeg> legs)
    {
        if (legs.Any(leg => leg.Disk is null)) return new Refuse(Missing(record, legs, Enumerable.Range(0, legs.Count)) + " Without a memory of this mirror it needs all of them.", Accept(record));
        if (legs.All(leg => leg.Disk!.Content is DiskContent.Blank)) return new Make();
        long newest = legs.Max(leg => (leg.Disk!.Content as DiskContent.Member)?.Events ?? -1);
        return new Start([.. Enumerable.Range(0, legs.Count).Where(index => legs[index].Disk!.Content is DiskContent.Member member && member.Events == newest)]);
    }

    private static MirrorRule OfRecord(VolumeRecord record, MirrorRecord mirror, IReadOnlyList<FoundLeg> legs)
    {
        int[] current = [.. Enumerable.Range(0, legs.Count).Where(index => mirror.Current.Contains(record.Legs[index].Naa, StringComparer.Ordinal))];
        int[] here = [.. current.Where(index => legs[index].Disk?.Content is DiskContent.Member)];
        if (here.Length < current.Length && current.FirstOrDefault(index => legs[index].Disk?.Content is DiskContent.Blank, -1) is >= 0 and int emptied)
            return new Refuse($"{Subject(record, emptied)} was a current copy and is empty now.", Accept(record));
        long newest = here.Length == 0 ? -1 : here.Max(index => Events(legs[index]));
        if (Enumerable.Range(0, legs.Count).FirstOrDefault(index => !here.Contains(index) && Events(legs[index]) > newest && newest >= 0, -1) is >= 0 and int ahead)
            return new Refuse($"{Subject(record, ahead)} missed writes by this host's memory, and by its own count it did not: another host has used this mirror.", "Keep every other host from it, and decide which copy is right: 'vsan-host accept'.");

        // After a stop all current copies are the same, so that any one of them is the volume.
        bool enough = here.Length == current.Length || (mirror.IsClean && here.Any(index => Events(legs[index]) >= mirror.Events));
        if (here.Length == 0 || !enough) return new Refuse(Missing(record, legs, current) + " A copy that is here may lack what was written last.", Accept(record));
        return new Start([.. here.Where(index => Events(legs[index]) == newest)]);
    }

    private static long Events(FoundLeg leg) => (leg.Disk?.Content as DiskContent.Member)?.Events ?? -1;

    private static string Subject(VolumeRecord record, int index) => string.Concat(record.NameOf(index)[..1].ToUpperInvariant(), record.NameOf(index).AsSpan(1));

    private static string Missing(VolumeRecord record, IReadOnlyList<FoundLeg> legs, IEnumerable<int> needed) =>
        $"Of the copies that may be current, {string.Join(" and ", needed.Where(index => legs[index].Disk?.Content is not DiskContent.Member).Select(record.NameOf))} cannot be reached.";

    private static string Accept(VolumeRecord record) => $"Bring its unit back. Only if that copy is lost for ever: 'vsan-host accept {record.Name} --leg N' takes leg N as it is, with what it has missed.";
}
