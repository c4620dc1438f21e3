namespace VSan.Tests.Simulation.World;

/// <summary>What people asked for and were told, kept outside of the product: the oracle.</summary>
internal sealed class Ledgers
{
    /// <summary>Every volume that was ever asked for.</summary>
    public List<VolumeLedger> Volumes { get; } = [];
}

/// <summary>One volume as its owner knows it.</summary>
internal sealed class VolumeLedger(string name, long sizeBytes)
{
    public string Name => name;

    public long SizeBytes => sizeBytes;

    public Guid Id { get; set; }

    public IReadOnlyList<Guid> LegIds { get; set; } = [];

    /// <summary>The owner was told that it is made.</summary>
    public bool Made { get; set; }

    /// <summary>The owner asked to cancel its making, or was told that it failed.</summary>
    public bool GivenUp { get; set; }

    /// <summary>The owner asked for its removal, whatever was answered.</summary>
    public bool RemovalAsked { get; set; }

    /// <summary>The owner was told that it is removed.</summary>
    public bool Removed { get; set; }

    /// <summary>What a host wrote last and was told is written; null for nothing yet.</summary>
    public string? Written { get; set; }

    public List<MappingLedger> Mappings { get; } = [];
}

/// <summary>One mapping as its host knows it.</summary>
internal sealed class MappingLedger(VolumeLedger volume, Guid id, Guid unitId, string initiator, int lun)
{
    public VolumeLedger Volume => volume;

    public Guid Id => id;

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
