namespace VSan.Station.Domain;

/// <summary>What may be asked of a volume in a second. The block servers of its units keep it, each for its leg and knowing nothing of the others.</summary>
/// <param name="MaxIops">Commands a second; null for no limit.</param>
/// <param name="MaxBytesPerSecond">Bytes a second, read and written together; null for no limit.</param>
/// <param name="BurstSeconds">How many seconds' worth an idle volume may save up and use at once, 1 to 60.</param>
public sealed record VolumeLimits(long? MaxIops, long? MaxBytesPerSecond, int BurstSeconds)
{
    /// <summary>
    /// What a leg keeps of it. A stripe's legs share the load evenly, so each has its share; what is written to a mirror is written to each
    /// leg, and all load of a concat may meet one leg, so each of those has all of it (docs/adr/0051).
    /// </summary>
    public VolumeLimits OfLeg(VolumeLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return layout.Kind == LayoutKind.Stripe ? new VolumeLimits(Share(MaxIops, layout.Width), Share(MaxBytesPerSecond, layout.Width), BurstSeconds) : this;
    }

    private static long? Share(long? rate, int width) => (rate + width - 1) / width;
}
