using VSan.Contracts.Api;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Overview;

/// <summary>What Overview shows.</summary>
/// <param name="Pool">The pool's numbers.</param>
/// <param name="Units">The first units, for the strip.</param>
/// <param name="Tasks">The newest tasks.</param>
/// <param name="Alarms">Alarms that stand.</param>
/// <param name="Activity">What hosts did in the last minutes, drawn; null while nothing is known.</param>
/// <param name="Growth">How the used space grows.</param>
/// <param name="FirstUnit">What the first unit is started with.</param>
public sealed record OverviewModel(
    Pool Pool, IReadOnlyList<Unit> Units, IReadOnlyList<Operation> Tasks, IReadOnlyList<Alarm> Alarms, Charts? Activity, SpaceGrowth Growth, FirstUnitModel FirstUnit)
{
    /// <summary>What the stores hold, as they measured it.</summary>
    public Portion Used => new(Pool.CapacityBytes - Pool.FreeBytes, Pool.CapacityBytes);

    /// <summary>Tasks that have not ended.</summary>
    public IEnumerable<Operation> Running => Tasks.Where(operation => operation.EndedAt is null);

    /// <summary>What a person should look at, with one action each; the worst first.</summary>
    public IReadOnlyList<Attention> NeedsAttention =>
    [
        .. Units.Where(unit => Cue.Of(unit).Tone is Tone.Warning or Tone.Critical).Select(Attention.Of)
            .Concat(Alarms.Where(alarm => alarm.Severity != AlarmSeverity.Notice).Select(Attention.Of))
            .Concat(Tasks.Where(operation => operation.State == OperationState.NeedsOperator).Select(Attention.Of))
            .OrderByDescending(item => item.Cue.Tone),
    ];
}

/// <summary>One thing to look at.</summary>
/// <param name="Cue">How bad.</param>
/// <param name="Sentence">What it is.</param>
/// <param name="Action">The one action.</param>
/// <param name="ActionPath">Where the action is.</param>
public sealed record Attention(Cue Cue, string Sentence, string Action, string ActionPath)
{
    /// <summary>What an alarm asks for.</summary>
    public static Attention Of(Alarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        return new(Cue.Of(alarm.Severity), alarm.Message, "Look", $"/app/pool#alarm-{alarm.Id}");
    }

    /// <summary>What a task asks for that cannot go on by itself.</summary>
    public static Attention Of(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new(Cue.Of(operation.State), $"{operation.Title} waits for a person: {operation.Error?.Detail ?? operation.Phase}", "Look", TasksApp.PathOf(operation.Id));
    }

    /// <summary>What a unit that is not simply ready asks for.</summary>
    public static Attention Of(Unit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        string path = $"/app/units#unit-{unit.Id}";
        string sentence = unit.State switch
        {
            UnitState.Pending => $"{unit.Name} asks to join with code {unit.ShortCode}.",
            UnitState.Joining => $"{unit.Name} is joining.",
            UnitState.Ready => $"{unit.Name}: {string.Join(" ", unit.Conditions.Select(condition => condition.Message))}",
            UnitState.Suspect => $"{unit.Name} has been silent for more than 3 seconds.",
            UnitState.Unreachable => $"{unit.Name} is out of the station's reach. Hosts may still be served by it.",
            UnitState.Draining => $"{unit.Name} is being drained.",
            UnitState.Drained => $"{unit.Name} is empty and can be stopped.",
            UnitState.Retired => $"{unit.Name} is retired.",
            UnitState.Quarantined => $"Two machines were alive with the identity of {unit.Name}. Switch one off and erase its state, then approve the unit again.",
        };
        return new(Cue.Of(unit), sentence, unit.State == UnitState.Pending ? "Review" : "Look", path);
    }
}
