using VSan.Station.Domain;

namespace VSan.Tests.Simulation.World;

/// <summary>What people asked for and were told, kept outside of the product: the oracle.</summary>
internal sealed class Ledgers
{
    /// <summary>Every volume that was ever asked for.</summary>
    public List<VolumeLedger> Volumes { get; } = [];
}

/// <summary>What people were told is done: a run without it says nothing.</summary>
/// <param name="Made">Volumes.</param>
/// <param name="Mapped">Mappings.</param>
/// <param name="Unmapped">Mappings whose removal was done.</param>
/// <param name="Removed">Volumes whose removal was done.</param>
/// <param name="Mirrored">Volumes of two legs among those that were made.</param>
/// <param name="Expanded">Times that a volume was made larger.</param>
/// <param name="Taken">Snapshots.</param>
internal readonly record struct Work(int Made, int Mapped, int Unmapped, int Removed, int Mirrored, int Expanded, int Taken)
{
    public static Work Of(Ledgers ledgers)
    {
        MappingLedger[] mappings = [.. ledgers.Volumes.SelectMany(volume => volume.Mappings).DistinctBy(mapping => mapping.Id)];
        return new Work(
            ledgers.Volumes.Count(volume => volume.Made),
            mappings.Length,
            mappings.Count(mapping => mapping.ForgottenAt < DateTimeOffset.MaxValue),
            ledgers.Volumes.Count(volume => volume.Removed),
            ledgers.Volumes.Count(volume => volume is { Made: true, LegIds.Count: 2 }),
            ledgers.Volumes.Sum(volume => volume.Expansions),
            ledgers.Volumes.Sum(volume => volume.Snapshots.Count));
    }

    public static Work operator +(Work left, Work right) => new(
        left.Made + right.Made, left.Mapped + right.Mapped, left.Unmapped + right.Unmapped, left.Removed + right.Removed, left.Mirrored + right.Mirrored, left.Expanded + right.Expanded,
        left.Taken + right.Taken);

    public override string ToString() => $"made {Made} mapped {Mapped} unmapped {Unmapped} removed {Removed} mirrored {Mirrored} expanded {Expanded} snapshots {Taken}";
}

/// <summary>One volume as its owner knows it.</summary>
internal sealed class VolumeLedger(string name, long sizeBytes)
{
    public string Name => name;

    /// <summary>Its size, as its owner was told last.</summary>
    public long SizeBytes { get; set; } = sizeBytes;

    /// <summary>The size of each of its legs.</summary>
    public long LegBytes => SizeBytes + (LegIds.Count == 2 ? VolumeLayout.MirrorReserveBytes : 0);

    /// <summary>Times that it was made larger.</summary>
    public int Expansions { get; set; }

    public Guid Id { get; set; }

    public IReadOnlyList<Guid> LegIds { get; set; } = [];

    /// <summary>The owner was told that it is made.</summary>
    public bool Made { get; set; }

    /// <summary>The owner asked for its removal, whatever was answered.</summary>
    public bool RemovalAsked { get; set; }

    /// <summary>The owner was told that it is removed.</summary>
    public bool Removed { get; set; }

    /// <summary>What a host wrote last on each leg and was told is written; without those on which it wrote nothing yet.</summary>
    public Dictionary<Guid, string> Written { get; } = [];

    /// <summary>Its snapshots that its owner was told are taken.</summary>
    public List<SnapshotLedger> Snapshots { get; } = [];

    /// <summary>One for each leg of each mapping.</summary>
    public List<MappingLedger> Mappings { get; } = [];
}

/// <summary>A snapshot as its owner knows it.</summary>
/// <param name="id">Identity.</param>
/// <param name="before">What a host had written last when it was asked for.</param>
/// <param name="after">What a host had written last when it was told of.</param>
internal sealed class SnapshotLedger(Guid id, string? before, string? after)
{
    public Guid Id => id;

    /// <summary>Its removal was asked for, whatever was answered.</summary>
    public bool RemovalAsked { get; set; }

    /// <summary>True for bytes that the volume held at a moment between the question and the answer.</summary>
    public bool MayHold(string? written) => NumberOf(before) <= NumberOf(written) && NumberOf(written) <= NumberOf(after);

    private static long NumberOf(string? written) => written is null ? 0 : long.Parse(written[(written.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One leg of a mapping as its host knows it.</summary>
internal sealed class MappingLedger(VolumeLedger volume, Guid id, Guid legId, Guid unitId, string initiator, int lun)
{
    public VolumeLedger Volume => volume;

    public Guid Id => id;

    public Guid LegId => legId;

    public Guid UnitId => unitId;

    public string Initiator => initiator;

    public int Lun => lun;

    /// <summary>Its removal was asked for, whatever was answered.</summary>
    public bool RemovalAsked { get; set; }

    /// <summary>The moment until which the host goes on trying, like one that was not told.</summary>
    public DateTimeOffset ForgottenAt { get; set; } = DateTimeOffset.MaxValue;
}

/// <summary>A host read a logical unit that it was given.</summary>
/// <param name="Mapping">What it was told.</param>
/// <param name="Unit">Whom it asked; its block server runs.</param>
/// <param name="Answered">It got an answer.</param>
/// <param name="LegId">Whose bytes it got.</param>
/// <param name="Written">What it got.</param>
internal sealed record HostRead(MappingLedger Mapping, SimUnit Unit, bool Answered, Guid LegId, string? Written);
