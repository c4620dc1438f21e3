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

    /// <summary>The one object that a person named, in the project of <see cref="GlobalOptions.Project"/> when one is given.</summary>
    public static Task<TItem> FindAsync<TItem, TPage>(this Invocation invocation, Noun<TItem, TPage> noun, string nameOrId)
    {
        string? project = noun.ProjectOf is null ? null : invocation.Get(GlobalOptions.Project);
        return Guid.TryParse(nameOrId, out Guid id)
            ? FindByIdAsync(invocation, noun, id, project)
            : FindByNameAsync(invocation, noun, nameOrId, project);
    }

    /// <summary>The one object among <paramref name="named"/>, which all have the name that a person gave.</summary>
    public static TItem Only<TItem, TPage>(this Noun<TItem, TPage> noun, IReadOnlyList<TItem> named, string name, string? project)
    {
        TItem[] fitting = [.. named.Where(item => project is null || noun.ProjectOf!(item) == project)];
        if (fitting is [var one]) return one;
        if (fitting.Length == 0)
            throw new CommandFailure(ExitCode.NotFound, $"There is no {noun.Singular} named '{name}'{(project is null ? string.Empty : $" in project '{project}'")}.", $"'{noun.ListCommand}' shows them all.");
        string candidates = string.Join(", ", fitting.Select(item => noun.ProjectOf is null ? noun.IdOf(item) : $"{noun.IdOf(item)} in project {noun.ProjectOf(item)}"));
        throw new CommandFailure(
            ExitCode.Usage,
            $"'{name}' names more than one {noun.Singular}: {candidates}.",
            noun.ProjectOf is null ? "Give the id in place of the name." : "Say which with --project PROJECT, or give the id in place of the name.");
    }

    private static async Task<TItem> FindByIdAsync<TItem, TPage>(Invocation invocation, Noun<TItem, TPage> noun, Guid id, string? project)
    {
        TItem found = await invocation.Api.GetAsync<TItem>($"{noun.Collection}/{id}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        return noun.Only([found], id.ToString(), project);
    }

    private static async Task<TItem> FindByNameAsync<TItem, TPage>(Invocation invocation, Noun<TItem, TPage> noun, string name, string? project)
    {
        string path = $"{noun.Collection}?name={Uri.EscapeDataString(name)}";
        TPage page = await invocation.Api.GetAsync<TPage>(path, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        return noun.Only([.. noun.ItemsOf(page).Where(item => noun.NameOf(item) == name)], name, project);
    }
}
