using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>A part of all volumes in some order, as people look through them; programs follow cursors (<see cref="ListQuery"/>).</summary>
/// <param name="Letters">What the name has in it, in capitals or not; null for all.</param>
/// <param name="Order">The order.</param>
/// <param name="Page">Which page, from 1; past the last one, the last.</param>
public sealed record VolumeSearch(string? Letters = null, VolumeOrder Order = VolumeOrder.Name, int Page = 1)
{
    /// <summary>Volumes of a page.</summary>
    public const int PageSize = 50;

    internal IEnumerable<Domain.Volume> Sort(IEnumerable<Domain.Volume> volumes) => Order switch
    {
        VolumeOrder.Name => volumes.OrderBy(volume => volume.Name, StringComparer.OrdinalIgnoreCase).ThenBy(volume => volume.Id),
        VolumeOrder.Newest => volumes.OrderByDescending(volume => volume.CreatedAt).ThenByDescending(volume => volume.Id),
        VolumeOrder.Largest => volumes.OrderByDescending(volume => volume.SizeBytes).ThenBy(volume => volume.Id),
    };

    internal bool Fits(Domain.Volume volume) => Letters is null || volume.Name.Contains(Letters, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Orders of volumes.</summary>
public enum VolumeOrder
{
    /// <summary>By name.</summary>
    Name,

    /// <summary>What was made last first.</summary>
    Newest,

    /// <summary>The largest first.</summary>
    Largest,
}

/// <summary>One page of what was found.</summary>
/// <param name="Items">The volumes.</param>
/// <param name="Total">All that were found.</param>
/// <param name="Page">Which page it is, from 1.</param>
/// <param name="Pages">How many there are; 1 when nothing was found.</param>
public sealed record VolumeFindings(IReadOnlyList<Volume> Items, int Total, int Page, int Pages);
