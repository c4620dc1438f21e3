using System.Buffers;

namespace VSan.Station.Execution;

/// <summary>Which labels are acceptable: a small map of names, as <c>rack=r1</c>.</summary>
internal static class Labels
{
    private const int CountMax = 16;
    private const int LengthMax = 63;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-./");
    private static readonly SearchValues<char> ValueCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    /// <summary>The labels in the order of their names; null is none.</summary>
    public static IReadOnlyDictionary<string, string> Check(IReadOnlyDictionary<string, string>? labels, string pointer)
    {
        SortedDictionary<string, string> sorted = new(StringComparer.Ordinal);
        if (labels?.Count > CountMax) throw ProblemException.Field(pointer, $"must have at most {CountMax} labels.");
        foreach ((string key, string value) in labels ?? sorted)
        {
            if (key.Length is < 1 or > LengthMax || key.AsSpan().IndexOfAnyExcept(KeyCharacters) >= 0)
                throw ProblemException.Field($"{pointer}/{key}", $"has a name that is not 1 to {LengthMax} characters of a-z, 0-9, '-', '.' and '/'.");
            if (value is not { Length: >= 1 and <= LengthMax } || value.AsSpan().IndexOfAnyExcept(ValueCharacters) >= 0)
                throw ProblemException.Field($"{pointer}/{key}", $"must be 1 to {LengthMax} characters of a-z, A-Z, 0-9, '-', '.' and '_'.");
            sorted.Add(key, value);
        }

        return sorted;
    }
}
