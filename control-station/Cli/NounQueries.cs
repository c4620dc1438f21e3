namespace VSan.Cli;

/// <summary>Finds objects by name or id, and lists them.</summary>
internal static class NounQueries
{
    // The station's largest page: fewer round trips.
    private const int PageLimit = 500;

    /// <summary>All objects of a kind, page by page.</summary>
    public static async Task<IReadOnlyList<TItem>> ListAsync<TItem, TPage>(this ApiClient api, Noun<TItem, TPage> noun, CancellationToken cancellation)
    {
        var items = new List<TItem>();
        string? cursor = null;
        do
        {
            string path = $"{noun.Collection}?limit={PageLimit}" + (cursor is null ? string.Empty : $"&cursor={Uri.EscapeDataString(cursor)}");
            TPage page = await api.GetAsync<TPage>(path, TimeSpan.Zero, cancellation).ConfigureAwait(false);
            items.AddRange(noun.ItemsOf(page));
            cursor = noun.CursorOf(page);
        }
        while (cursor is not null);
        return items;
    }

    /// <summary>All objects of a kind in the order of their names; the station's own order is that of their ids.</summary>
    public static async Task<IReadOnlyList<TItem>> ListByNameAsync<TItem, TPage>(this ApiClient api, Noun<TItem, TPage> noun, CancellationToken cancellation) =>
        [.. (await api.ListAsync(noun, cancellation).ConfigureAwait(false)).OrderBy(noun.NameOf, StringComparer.Ordinal)];

    /// <summary>The one object that a person named.</summary>
    /// <param name="api">The station.</param>
    /// <param name="noun">Its kind.</param>
    /// <param name="nameOrId">Name, or GUID.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<TItem> FindAsync<TItem, TPage>(
        this ApiClient api, Noun<TItem, TPage> noun, string nameOrId, CancellationToken cancellation)
    {
        if (Guid.TryParse(nameOrId, out Guid id))
            return await api.GetAsync<TItem>($"{noun.Collection}/{id}", TimeSpan.Zero, cancellation).ConfigureAwait(false);

        string path = $"{noun.Collection}?name={Uri.EscapeDataString(nameOrId)}";
        TPage page = await api.GetAsync<TPage>(path, TimeSpan.Zero, cancellation).ConfigureAwait(false);
        return noun.ItemsOf(page).FirstOrDefault(item => noun.NameOf(item) == nameOrId)
            ?? throw new CommandFailure(ExitCode.NotFound, $"There is no {noun.Singular} named '{nameOrId}'.", $"'vsan {noun.Singular} list' shows them all.");
    }
}
