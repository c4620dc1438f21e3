using System.Buffers;

namespace VSan.Station.Execution;

/// <summary>Which names are acceptable.</summary>
internal static class Names
{
    private const int LengthMax = 63;
    private const int InitiatorLengthMax = 223;

    private static readonly SearchValues<char> ObjectCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    private static readonly SearchValues<char> SystemCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> InitiatorCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.:");

    /// <summary>A name that a person gave to a volume or host.</summary>
    public static string Object(string? name, string pointer) =>
        name is { Length: >= 1 and <= LengthMax } && char.IsAsciiLetterOrDigit(name[0]) && name.AsSpan().IndexOfAnyExcept(ObjectCharacters) < 0
            ? name
            : throw ProblemException.Field(pointer, "must be 1 to 63 characters of a-z, A-Z, 0-9, '.', '_' and '-', starting with a letter or digit.");

    /// <summary>A machine's own name.</summary>
    public static string System(string? name, string pointer) =>
        name is { Length: >= 1 and <= LengthMax } && name.AsSpan().IndexOfAnyExcept(SystemCharacters) < 0
            ? name
            : throw ProblemException.Field(pointer, "must be 1 to 63 characters of a-z, 0-9 and '-'.");

    /// <summary>An iSCSI name (RFC 7143, 4.2.7) of type iqn, eui or naa, given back in lower case.</summary>
    public static string Initiator(string? name, string pointer)
    {
        string lower = name?.ToLowerInvariant() ?? string.Empty;
        bool typed = lower.StartsWith("iqn.", StringComparison.Ordinal) || lower.StartsWith("eui.", StringComparison.Ordinal) || lower.StartsWith("naa.", StringComparison.Ordinal);
        return typed && lower.Length is > 4 and <= InitiatorLengthMax && lower.AsSpan().IndexOfAnyExcept(InitiatorCharacters) < 0
            ? lower
            : throw ProblemException.Field(pointer, "must be an iSCSI name: iqn., eui. or naa., then letters, digits, '-', '.' and ':', at most 223 characters.");
    }
}
