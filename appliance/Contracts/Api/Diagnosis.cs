using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>What the doctor found of the station itself.</summary>
/// <param name="Healthy">True when no finding is a warning or an error.</param>
/// <param name="Findings">One for each thing that was looked at, and one for each thing that is wrong with it.</param>
public sealed record Diagnosis(bool Healthy, IReadOnlyList<Finding> Findings);

/// <summary>One finding.</summary>
/// <param name="Check">What was looked at; stable.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What was found, one sentence.</param>
/// <param name="NextAction">What to do about it; null when all is well.</param>
public sealed record Finding(string Check, FindingSeverity Severity, string Message, string? NextAction);

/// <summary>How bad a finding is.</summary>
[JsonConverter(typeof(WireEnumConverter<FindingSeverity>))]
public enum FindingSeverity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Will be a problem unless somebody does something.</summary>
    Warning,

    /// <summary>Is a problem.</summary>
    Error,
}
