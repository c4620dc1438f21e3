namespace VSan.UnitAgent;

/// <summary>The name of a unit that was not told one: its host name where that says something, else one made of its identity.</summary>
internal static class UnitName
{
    /// <summary>The most letters of a name.</summary>
    public const int LengthMax = 63;

    private const int IdentityDigits = 8;

    // What a machine is called that nobody has called anything.
    private static readonly string[] Nameless = ["localhost", "vsan", "debian"];

    /// <summary>A name that is one by the rules of a system name.</summary>
    public static string Of(string hostName, Guid memberId)
    {
        string first = hostName.Split('.')[0].ToLowerInvariant();
        return IsValid(first) && !Nameless.Contains(first, StringComparer.Ordinal) ? first : $"unit-{memberId.ToString("N")[..IdentityDigits]}";
    }

    /// <summary>True for 1 to 63 characters of a-z, 0-9 and '-'.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= LengthMax && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
