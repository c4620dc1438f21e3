using System.Globalization;

namespace VSan.Tests.Fuzz;

/// <summary>What a run has done and found.</summary>
/// <param name="Scripts">Scripts that ran.</param>
/// <param name="Inputs">PDUs that the target was given.</param>
/// <param name="Findings">Each kind once.</param>
/// <param name="EdgesTaken">Of the instrumented code.</param>
/// <param name="EdgeCount">Of the instrumented code; 0 where it is not.</param>
internal sealed record FuzzReport(long Scripts, long Inputs, IReadOnlyList<Finding> Findings, int EdgesTaken, int EdgeCount)
{
    /// <summary>Counts, for the last line.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"fuzz: {Inputs} inputs, {Findings.Count} crashes") + Edges;

    private string Edges => EdgeCount == 0
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $", {EdgesTaken} edges of {EdgeCount} ({100.0 * EdgesTaken / EdgeCount:F1} %)");
}
