namespace VSan.WebOs.Shell;

/// <summary>The bar over a list: how many there are, and the filter.</summary>
/// <param name="Path">Where the list is.</param>
/// <param name="Filter">The name that was asked for, or null.</param>
/// <param name="Count">How many rows are shown, with their noun.</param>
/// <param name="More">True: there are more on the next page.</param>
public sealed record Toolbar(string Path, string? Filter, string Count, bool More)
{
    /// <summary>The orders that the list may have; none when it has one only.</summary>
    public IReadOnlyList<Parts.Choice> Orders { get; init; } = [];

    /// <summary>The order that it has.</summary>
    public string? Order { get; init; }
}

/// <summary>The link under a list to its next page; nothing on the last one.</summary>
/// <param name="Path">Where the list is.</param>
/// <param name="Filter">The name that was asked for, or null.</param>
/// <param name="NextCursor">Where the next page begins, or null.</param>
public sealed record Pager(string Path, string? Filter, string? NextCursor)
{
    /// <summary>What else was asked for.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    /// <summary>Address of the next page.</summary>
    public string NextPath => $"{Path}?cursor={Uri.EscapeDataString(NextCursor ?? "")}{(Filter is null ? "" : "&name=" + Uri.EscapeDataString(Filter))}"
        + string.Concat(Filters.Select(filter => $"&{filter.Key}={Uri.EscapeDataString(filter.Value)}"));
}
