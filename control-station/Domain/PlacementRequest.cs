namespace VSan.Station.Domain;

/// <summary>What is to be placed, and by which rules.</summary>
/// <param name="Layout">How the volume lies over its legs.</param>
/// <param name="SizeBytes">The volume's size, a multiple of <see cref="Placement.GranuleBytes"/>.</param>
/// <param name="Thin">Takes space as it is written.</param>
public sealed record PlacementRequest(VolumeLayout Layout, long SizeBytes, bool Thin)
{
    /// <summary>No two legs of a mirror lie in the same one.</summary>
    public FailureDomain Domain { get; init; } = FailureDomain.Unit;

    /// <summary>Only stores of this media class; null for any.</summary>
    public string? Media { get; init; }

    /// <summary>
    /// Promised bytes for each byte of a store's capacity. One is honest: every promise can be kept, thick or thin. Above one, a store can
    /// fill while its volumes still have room, and writes fail.
    /// </summary>
    public double OvercommitRatio { get; init; } = 1.0;
}

/// <summary>What fails together.</summary>
public enum FailureDomain
{
    /// <summary>A unit.</summary>
    Unit,

    /// <summary>All units with the same label <c>rack</c>.</summary>
    Rack,

    /// <summary>All units with the same label <c>site</c>.</summary>
    Site,
}
