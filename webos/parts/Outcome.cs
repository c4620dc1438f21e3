using VSan.Contracts.Api;

namespace VSan.WebOs.Parts;

/// <summary>How the last request of a page ended.</summary>
/// <param name="Problem">Why it was refused, or null.</param>
/// <param name="FormId">The form that it came from, or null.</param>
/// <param name="Values">What was in it.</param>
/// <param name="Said">What there is to say over the rest of the page, or null.</param>
public sealed record Outcome(Problem? Problem = null, string? FormId = null, FormValues? Values = null, Part? Said = null)
{
    /// <summary>Nothing was asked for.</summary>
    public static Outcome None { get; } = new();

    /// <summary>A form that is not shown until it is wanted is to be shown.</summary>
    public bool IsOf(string formId) => FormId == formId;
}
