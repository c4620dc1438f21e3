using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Reading with an answer for what is not there.</summary>
internal static class TransactionReads
{
    /// <summary>The record, or <c>not-found</c>.</summary>
    public static T Require<T>(this IStationTransaction transaction, Guid id, string noun)
        where T : Entity => transaction.Table<T>().Find(id) ?? throw ProblemException.NotFound(noun, id);

    /// <summary>One page of records, or those of one name, each as <paramref name="view"/> shows it, and the next cursor.</summary>
    public static (IReadOnlyList<TView> Items, string? NextCursor) List<T, TView>(
        this IStationTransaction transaction,
        ListQuery query,
        Lookup<T>? byName,
        Func<T, TView> view,
        bool newestFirst = false)
        where T : Entity
    {
        Guid? after = query.After();
        if (query.Name is { } name && byName is not null) return ([.. transaction.Table<T>().Where(byName, name).Select(view)], null);
        IReadOnlyList<T> page = transaction.Table<T>().Page(after, query.Limit + 1, newestFirst);
        bool more = page.Count > query.Limit;
        return ([.. page.Take(query.Limit).Select(view)], more ? page[query.Limit - 1].Id.ToString("N") : null);
    }
}
