using VSan.Contracts.Api;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Units;

/// <summary>What Units shows.</summary>
/// <param name="Page">The units.</param>
/// <param name="Filter">The name that was asked for, or null.</param>
/// <param name="Rights">Which controls the person is shown.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="FirstUnit">What the first unit is started with.</param>
/// <param name="Now">The time on the page.</param>
public sealed record UnitsModel(UnitPage Page, string? Filter, Rights Rights, Problem? Problem, FirstUnitModel FirstUnit, DateTimeOffset Now);
