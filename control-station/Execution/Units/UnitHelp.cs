using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The alarm by which a unit's reconciler calls a person when its budget is spent; it is cleared when the unit serves what is wanted.</summary>
internal static class UnitHelp
{
    /// <summary>Kind of the alarm, and of the event that says the same.</summary>
    public const string Kind = "unit.needs-operator";

    /// <summary>Raises the alarm with a message, or clears it with null.</summary>
    public static void Set(IStationTransaction transaction, DateTimeOffset now, Unit unit, string? message) => transaction.SetAlarm(
        now, Kind, $"unit/{unit.Id}", message is null ? null : AlarmSeverity.Critical, message ?? $"{unit.Name} serves what is wanted of it.");

    /// <summary>True while the alarm is raised.</summary>
    public static bool IsCalled(IStationTransaction transaction, Guid unitId) => transaction.FindAlarm(Kind, $"unit/{unitId}") is not null;
}
