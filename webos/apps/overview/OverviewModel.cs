using VSan.Contracts.Api;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Overview;

/// <summary>What Overview shows.</summary>
/// <param name="Pool">The pool's numbers.</param>
/// <param name="Units">The first units, for the strip.</param>
/// <param name="Running">Tasks that have not ended.</param>
/// <param name="FirstUnit">What the first unit is started with.</param>
/// <param name="Now">The time on the page.</param>
public sealed record OverviewModel(Pool Pool, IReadOnlyList<Unit> Units, IReadOnlyList<Operation> Running, FirstUnitModel FirstUnit, DateTimeOffset Now)
{
    /// <summary>What the stores hold, as they measured it.</summary>
    public Portion Used => new(Pool.CapacityBytes - Pool.FreeBytes, Pool.CapacityBytes);

    /// <summary>What a person should look at, with one action each; the worst first.</summary>
    public IReadOnlyList<Attention> NeedsAttention =>
        [.. Units.Where(unit => Cue.Of(unit).Tone is Tone.Warning or Tone.Critical).Select(Attention.Of).OrderByDescending(item => item.Cue.Tone)];
}

/// <summary>One thing to look at.</summary>
/// <param name="Cue">How bad.</param>
/// <param name="Sentence">What it is.</param>
/// <param name="Action">The one action.</param>
/// <param name="ActionPath">Where the action is.</param>
public sealed record Attention(Cue Cue, string Sentence, string Action, string ActionPath)
{
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
            UnitState.Retired => $"{unit.Name} is retired.",
            UnitState.Quarantined => $"Two machines were alive with the identity of {unit.Name}. Switch one off and erase its state, then approve the unit again.",
        };
        return new(Cue.Of(unit), sentence, unit.State == UnitState.Pending ? "Review" : "Look", path);
    }
}
