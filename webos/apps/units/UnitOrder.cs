using VSan.Contracts.Api;

namespace VSan.WebOs.Apps.Units;

/// <summary>The order of the units of a page.</summary>
public static class UnitOrder
{
    /// <summary>Those that wait for a person first, then by name; the station's own order is that of their ids.</summary>
    public static IReadOnlyList<Unit> ByName(IReadOnlyList<Unit> units) =>
        [.. units.OrderBy(unit => unit.State != UnitState.Pending).ThenBy(unit => unit.Name, StringComparer.Ordinal)];
}
