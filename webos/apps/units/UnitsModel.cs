using VSan.Contracts.Api;

namespace VSan.WebOs.Apps.Units;

/// <summary>What Units shows.</summary>
/// <param name="Page">The units.</param>
/// <param name="Filter">Part of the name that was asked for, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="Now">The time on the page.</param>
public sealed record UnitsModel(UnitPage Page, string? Filter, Problem? Problem, DateTimeOffset Now);
