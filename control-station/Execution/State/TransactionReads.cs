using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Reading with an answer for what is not there.</summary>
internal static class TransactionReads
{
    /// <summary>The record, or <c>not-found</c>.</summary>
    public static T Require<T>(this IStationTransaction transaction, Guid id, string noun)
        where T : Entity => transaction.Table<T>().Find(id) ?? throw ProblemException.NotFound(noun, id);

    /// <summary>One page of records, or those of one name, each as <paramref name="view"/> shows it, and the next cursor: of what the caller may see.</summary>
    public static (IReadOnlyList<TView> Items, string? NextCursor) List<T, TView>(
        this IStationTransaction transaction,
        Caller caller,
        string action,
        ListQuery query,
        Lookup<T>? byName,
        Func<T, TView> view,
        bool newestFirst = false)
        where T : Entity
    {
        ArgumentNullException.ThrowIfNull(caller);
        Guid? after = query.After();
        bool seesAll = Permissions.Allow(caller, action, Reach.Whole<T>());
        bool Sees(T record) => seesAll || Permissions.Allow(caller, action, Reach.Of(transaction, record));
        if (query.Name is { } name && byName is not null) return ([.. transaction.Table<T>().Where(byName, name).Where(Sees).Select(view)], null);
        List<T> page = [];
        while (page.Count <= query.Limit && transaction.Table<T>().Page(after, query.Limit + 1, newestFirst) is { Count: > 0 } read)
        {
            page.AddRange(read.Where(Sees).Take(query.Limit + 1 - page.Count));
            if (read.Count <= query.Limit) break;
            after = read[^1].Id;
        }

        bool more = page.Count > query.Limit;
        return ([.. page.Take(query.Limit).Select(view)], more ? page[query.Limit - 1].Id.ToString("N") : null);
    }
}
