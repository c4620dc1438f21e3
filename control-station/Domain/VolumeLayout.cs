using System.Globalization;

namespace VSan.Station.Domain;

/// <summary>How a volume lies over its legs. Each leg is on a unit of its own; the host puts them together.</summary>
/// <param name="Kind">The arrangement.</param>
/// <param name="Width">Legs of a mirror or stripe; 1 for single; 0 for concat, which takes as few as it needs.</param>
public sealed record VolumeLayout(LayoutKind Kind, int Width)
{
    /// <summary>Stripes over more units fail too often to be of use: one lost unit takes the whole volume.</summary>
    public const int StripeWidthMax = 16;

    /// <summary>Legs of a concat: as many as a stripe's at most.</summary>
    public const int ConcatLegsMax = 16;

    /// <summary>Bytes that lie together on one leg of a stripe: several of a host's largest commands, so that one does not reach two legs for nothing.</summary>
    public const int StripeChunkBytes = 256 * 1024;

    /// <summary>
    /// What each leg of a mirror is larger than the volume, at its start: room for the host's mirror metadata (a superblock and a bitmap of
    /// what differs, well below 1 MiB for a volume of 1 PiB with the coarse chunks that a large bitmap gets), in four granules.
    /// </summary>
    public const long MirrorReserveBytes = 4L << 20;

    /// <summary>One leg.</summary>
    public static VolumeLayout Single { get; } = new(LayoutKind.Single, 1);

    /// <summary>What a leg of this layout is.</summary>
    public LegRole Role => Kind switch
    {
        LayoutKind.Single => LegRole.Whole,
        LayoutKind.Mirror => LegRole.Copy,
        LayoutKind.Stripe => LegRole.Stripe,
        LayoutKind.Concat => LegRole.Segment,
    };

    /// <summary>Bytes at the start of each leg that are the host's, not the volume's.</summary>
    public long ReserveBytes => Kind == LayoutKind.Mirror ? MirrorReserveBytes : 0;

    /// <summary>Reads what <see cref="ToString"/> writes; null when it is something else.</summary>
    public static VolumeLayout? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "single" => Single,
            "mirror-2" => new(LayoutKind.Mirror, 2),
            "mirror-3" => new(LayoutKind.Mirror, 3),
            "concat" => new(LayoutKind.Concat, 0),
            _ => text.StartsWith("stripe-", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan("stripe-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int width)
                && width is >= 2 and <= StripeWidthMax
                    ? new(LayoutKind.Stripe, width)
                    : null,
        };
    }

    /// <summary>The size that a volume of this layout gets: a stripe is as long on each leg, so it is rounded up to whole granules on each.</summary>
    public long RoundUp(long sizeBytes)
    {
        long step = Kind == LayoutKind.Stripe ? Width * Placement.GranuleBytes : 1;
        return (sizeBytes + step - 1) / step * step;
    }

    /// <summary>The size of each leg; of a concat: of one that holds all of it.</summary>
    public long LegBytes(long volumeBytes) => Kind == LayoutKind.Stripe ? volumeBytes / Width : volumeBytes + ReserveBytes;

    /// <summary>What the legs of a volume of this size are promised together.</summary>
    public long PromisedBytes(long volumeBytes) => Kind == LayoutKind.Mirror ? Width * LegBytes(volumeBytes) : volumeBytes;

    /// <summary>The size of a volume whose legs have these sizes, in their order.</summary>
    public long VolumeBytes(IReadOnlyList<long> legBytes)
    {
        ArgumentNullException.ThrowIfNull(legBytes);
        return Kind switch
        {
            LayoutKind.Single => legBytes[0],
            LayoutKind.Mirror => legBytes.Min() - ReserveBytes,
            LayoutKind.Stripe => legBytes.Min() * Width,
            LayoutKind.Concat => legBytes.Sum(),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        LayoutKind.Single => "single",
        LayoutKind.Mirror => string.Create(CultureInfo.InvariantCulture, $"mirror-{Width}"),
        LayoutKind.Stripe => string.Create(CultureInfo.InvariantCulture, $"stripe-{Width}"),
        LayoutKind.Concat => "concat",
    };
}

/// <summary>Arrangements of legs.</summary>
public enum LayoutKind
{
    /// <summary>One leg is the volume.</summary>
    Single,

    /// <summary>Each leg holds all of it.</summary>
    Mirror,

    /// <summary>Chunks lie on the legs in turn.</summary>
    Stripe,

    /// <summary>The legs follow one another.</summary>
    Concat,
}
