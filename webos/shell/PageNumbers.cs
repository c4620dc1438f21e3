namespace VSan.WebOs.Shell;

/// <summary>The links under a list to its other pages; nothing when there is one page only.</summary>
/// <param name="Path">Where the list is.</param>
/// <param name="Asked">What was asked for, besides the page.</param>
/// <param name="Page">The page that is shown, from 1.</param>
/// <param name="Pages">How many there are.</param>
public sealed record PageNumbers(string Path, IReadOnlyDictionary<string, string> Asked, int Page, int Pages)
{
    /// <summary>Address of a page.</summary>
    public string PathOf(int page) => $"{Path}?{string.Concat(Asked.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}&"))}page={page}";

    /// <summary>The pages that links lead to; a page that is not there or is shown already has none.</summary>
    public IReadOnlyList<PageWay> Ways { get; } = [new("page-first", "First page", 1), new("page-before", "Page before", Page - 1), new("page-next", "Next page", Page + 1), new("page-last", "Last page", Pages)];
}

/// <summary>A link to a page.</summary>
/// <param name="Id">Its id, so that the focus stays on it while pages go by.</param>
/// <param name="Words">What it is called.</param>
/// <param name="Page">The page.</param>
public sealed record PageWay(string Id, string Words, int Page);
