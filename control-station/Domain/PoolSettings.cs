namespace VSan.Station.Domain;

/// <summary>What people set for the whole pool: one record, and <see cref="Default"/> while nobody has set anything.</summary>
/// <param name="TrashDelay">How long a deleted volume can be had back, unless whoever deletes it says otherwise.</param>
public sealed record PoolSettings(TimeSpan TrashDelay) : Entity(OnlyId)
{
    /// <summary>Identity of the one record.</summary>
    public static readonly Guid OnlyId = new("00000000-0000-7000-8000-000000000001");

    /// <summary>The trash is emptied once a minute: a shorter stay would not be what was set.</summary>
    public static readonly TimeSpan TrashDelayMin = TimeSpan.FromMinutes(1);

    /// <summary>What lies there keeps its space: past a year it is an archive, and wants a snapshot or a copy.</summary>
    public static readonly TimeSpan TrashDelayMax = TimeSpan.FromDays(365);

    /// <summary>A shorter silence is a restart.</summary>
    public static readonly TimeSpan SpareAfterMin = TimeSpan.FromMinutes(1);

    /// <summary>Whoever waits longer has looked by then.</summary>
    public static readonly TimeSpan SpareAfterMax = TimeSpan.FromDays(30);

    /// <summary>How long a unit is out of reach until a spare is taken into service for it; null: never by itself.</summary>
    public TimeSpan? SpareAfter { get; init; }

    /// <summary>Over a night and the next morning.</summary>
    public static PoolSettings Default { get; } = new(TimeSpan.FromHours(24));
}
