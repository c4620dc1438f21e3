namespace VSan.Tests.Simulation.World;

/// <summary>How often what goes wrong; drawn from the seed, so that some runs are calm and some are not.</summary>
internal sealed class Faults
{
    public double LossChance { get; set; }

    public double DuplicateChance { get; set; }

    public double LongDelayChance { get; set; }

    /// <summary>At each commit of the station, before and after it.</summary>
    public double StationKillChance { get; set; }

    /// <summary>At each call to a unit's disk.</summary>
    public double PowerLossChance { get; set; }

    /// <summary>At each call to a unit's disk.</summary>
    public double DiskErrorChance { get; set; }

    /// <summary>Of larger misfortunes, in the whole world.</summary>
    public TimeSpan MeanBetween { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Draws the faults of one run.</summary>
    public static Faults Draw(Random random)
    {
#pragma warning disable CA5394 // Repeatable on purpose.
        double Some(double most) => random.Next(3) == 0 ? 0 : most * random.NextDouble();
        return new Faults
        {
            LossChance = Some(0.05),
            DuplicateChance = Some(0.3),
            LongDelayChance = Some(0.05),
            StationKillChance = Some(0.01),
            PowerLossChance = Some(0.004),
            DiskErrorChance = Some(0.01),
            MeanBetween = TimeSpan.FromSeconds(10 + (random.NextDouble() * 80)),
        };
#pragma warning restore CA5394
    }
}
