namespace VSan.Station.Execution;

/// <summary>What the reconciler of a unit has found.</summary>
/// <param name="Connected">The link stands.</param>
/// <param name="AcceptedGeneration">The generation that the unit has persisted.</param>
/// <param name="AppliedGeneration">The generation that it serves.</param>
/// <param name="PushedGeneration">The generation last handed to it.</param>
/// <param name="Failures">Pushes in a row that the unit could not apply.</param>
/// <param name="Failure">What it said to the last of them.</param>
internal sealed record UnitProgress(
    bool Connected,
    long AcceptedGeneration,
    long AppliedGeneration,
    long PushedGeneration,
    int Failures,
    string? Failure)
{
    /// <summary>Nothing known yet.</summary>
    public static UnitProgress Unknown { get; } = new(false, 0, 0, 0, 0, null);
}
