using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>What one unit is to serve, against what it has reached: <c>GET /plan</c>.</summary>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="State">How the two compare.</param>
/// <param name="WantedGeneration">Generation of the document that it is to have.</param>
/// <param name="AcceptedGeneration">The generation that it has accepted, as far as the station has heard since it started; 0 for none.</param>
/// <param name="AppliedGeneration">The generation that it serves, likewise.</param>
/// <param name="Legs">Legs that it is to serve.</param>
/// <param name="Hosts">Hosts that it is to let in.</param>
/// <param name="Changes">What the wanted document has more, less or otherwise than the one that the unit accepted; null when that one is not known.</param>
/// <param name="Sentence">The same in one sentence, with what happens next.</param>
public sealed record PlannedUnit(
    Guid UnitId,
    string UnitName,
    PlanState State,
    long WantedGeneration,
    long AcceptedGeneration,
    long AppliedGeneration,
    int Legs,
    int Hosts,
    IReadOnlyList<PlanChange>? Changes,
    string Sentence)
{
    /// <summary>The wanted document in lines, when it was asked for with <c>?document=true</c>; equal documents print equally.</summary>
    public string? Document { get; init; }

    /// <summary>Which spare is, or will be, taken into service for the unit while it is out of reach, or the unit for another; null for none.</summary>
    public string? Spare { get; init; }
}

/// <summary>One page of planned units.</summary>
public sealed record PlanPage(IReadOnlyList<PlannedUnit> Items, string? NextCursor);

/// <summary>One difference between two documents.</summary>
/// <param name="Change">What happens to it.</param>
/// <param name="Kind">What it is: <c>target</c>, <c>leg</c>, <c>snapshot</c>, <c>access</c>, <c>lun</c>, <c>kept-leg</c> or <c>disk</c>.</param>
/// <param name="Name">Which one; unique among its kind on the unit.</param>
/// <param name="Reached">As the unit has it; null when it is added. Secrets are named, never shown.</param>
/// <param name="Wanted">As it is to be; null when it is removed.</param>
public sealed record PlanChange(PlanChangeKind Change, string Kind, string Name, string? Reached, string? Wanted);

/// <summary>What happens to a part of a document.</summary>
[JsonConverter(typeof(WireEnumConverter<PlanChangeKind>))]
public enum PlanChangeKind
{
    /// <summary>It comes.</summary>
    Added,

    /// <summary>It goes.</summary>
    Removed,

    /// <summary>It becomes another.</summary>
    Changed,
}

/// <summary>How what a unit has reached compares with what is wanted.</summary>
[JsonConverter(typeof(WireEnumConverter<PlanState>))]
public enum PlanState
{
    /// <summary>It serves the wanted document.</summary>
    InStep,

    /// <summary>It accepted the wanted document and does not serve all of it yet.</summary>
    Applying,

    /// <summary>It is to be handed a newer document.</summary>
    Behind,

    /// <summary>It has more than the station knows: nothing is handed to it.</summary>
    Ahead,
}
