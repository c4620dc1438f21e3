using System.Collections.Immutable;

namespace VSan.Station.Execution;

/// <summary>Which page of a list.</summary>
/// <param name="Limit">1 to 500.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the page before, or null for the first.</param>
/// <param name="Name">Only the object of this name, or null for all.</param>
public sealed record ListQuery(int Limit = 100, string? Cursor = null, string? Name = null)
{
    private const int LimitMax = 500;

    /// <summary>Typed filters by name; which a list has, <see cref="ListFilters"/> says.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Checks the query and gives the id after which the page begins.</summary>
    internal Guid? After()
    {
        if (Limit is < 1 or > LimitMax) throw ProblemException.Field("/limit", $"must be 1 to {LimitMax}.");
        if (Cursor is null) return null;
        return Guid.TryParseExact(Cursor, "N", out Guid after) ? after : throw ProblemException.Field("/cursor", "is not one that a page has given.");
    }
}
