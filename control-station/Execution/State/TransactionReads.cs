using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Reading with an answer for what is not there.</summary>
internal static class TransactionReads
{
    /// <summary>The record, or <c>not-found</c>.</summary>
    public static T Require<T>(this IStationTransaction transaction, Guid id, string noun)
        where T : Entity => transaction.Table<T>().Find(id) ?? throw ProblemException.NotFound(noun, id);

    /// <summary>What people set for the whole pool.</summary>
    public static PoolSettings Settings(this IStationTransaction transaction) => transaction.Table<PoolSettings>().Find(PoolSettings.OnlyId) ?? PoolSettings.Default;

    /// <summary>
    /// One page of records, or those of one name, each as <paramref name="view"/> shows it, and the next cursor: of what the caller may see
    /// and the query's filters let through.
    /// </summary>
    public static (IReadOnlyList<TView> Items, string? NextCursor) List<T, TView>(
        this IStationTransaction transaction,
        Caller caller,
        string action,
        ListQuery query,
        Lookup<T>? byName,
        Func<T, TView> view,
        ListFilters<TView>? filters = null,
        bool newestFirst = false)
        where T : Entity
    {
        ArgumentNullException.ThrowIfNull(caller);
        Guid? after = query.After();
        Func<TView, bool> fits = (filters ?? ListFilters.None<TView>()).Of(query);
        bool seesAll = Permissions.Allow(caller, action, Reach.Whole<T>());
        IEnumerable<(Guid Id, TView View)> Shown(IEnumerable<T> records) => records
            .Where(record => seesAll || Permissions.Allow(caller, action, Reach.Of(transaction, record)))
            .Select(record => (record.Id, View: view(record)))
            .Where(shown => fits(shown.View));
        if (query.Name is { } name)
        {
            if (byName is null) throw ProblemException.Field("/name", "is not a filter of this list: its objects have no names.");
            return ([.. Shown(transaction.Table<T>().Where(byName, name)).Select(shown => shown.View)], null);
        }

        List<(Guid Id, TView View)> page = [];
        while (page.Count <= query.Limit && transaction.Table<T>().Page(after, query.Limit + 1, newestFirst) is { Count: > 0 } read)
        {
            page.AddRange(Shown(read).Take(query.Limit + 1 - page.Count));
            if (read.Count <= query.Limit) break;
            after = read[^1].Id;
        }

        bool more = page.Count > query.Limit;
        return ([.. page.Take(query.Limit).Select(shown => shown.View)], more ? page[query.Limit - 1].Id.ToString("N") : null);
    }
}
