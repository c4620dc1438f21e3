using System.Globalization;

namespace VSan.Tests.Fuzz.Scripts;

/// <summary>What happens to the target, from a fresh one on. Immutable.</summary>
internal sealed record Script(IReadOnlyList<Step> Steps)
{
    /// <summary>Connections that a script may have at a time.</summary>
    public const int ConnectionsMax = 3;

    /// <summary>Stands for the response to the target's CHAP challenge.</summary>
    public const string ChapProof = "%CHAP_R%";

    /// <summary>PDUs: what is counted as inputs.</summary>
    public int Inputs => Steps.Count(step => step is Step.Pdu);

    /// <summary>A line that names it in logs.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Steps.Count} steps, {Inputs} PDUs");
}
