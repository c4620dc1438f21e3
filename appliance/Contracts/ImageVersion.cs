using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace VSan.Contracts;

/// <summary>
/// Version of an image: numbers with dots between them, <c>1.4.0</c>. Boot loaders order the files of versions by their names; numbers and
/// dots are what they all order alike.
/// </summary>
public sealed record ImageVersion : IComparable<ImageVersion>
{
    /// <summary>Characters at most: the name goes into a file's name on FAT, and on a kernel's command line.</summary>
    public const int LengthMax = 32;

    private readonly long[] _numbers;

    private ImageVersion(string text, long[] numbers) => (Text, _numbers) = (text, numbers);

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary>Reads a version.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageVersion? version)
    {
        version = null;
        if (text is not { Length: > 0 and <= LengthMax }) return false;
        string[] parts = text.Split('.');
        long[] numbers = new long[parts.Length];
        for (int index = 0; index < parts.Length; index++)
        {
            // A leading zero would make two names of one version.
            if (parts[index] is ['0', _, ..] || !long.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[index])) return false;
        }

        version = new ImageVersion(text, numbers);
        return true;
    }

    /// <summary>Older than.</summary>
    public static bool operator <(ImageVersion left, ImageVersion right) => Compare(left, right) < 0;

    /// <summary>Newer than.</summary>
    public static bool operator >(ImageVersion left, ImageVersion right) => Compare(left, right) > 0;

    /// <summary>Not newer than.</summary>
    public static bool operator <=(ImageVersion left, ImageVersion right) => Compare(left, right) <= 0;

    /// <summary>Not older than.</summary>
    public static bool operator >=(ImageVersion left, ImageVersion right) => Compare(left, right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(ImageVersion? other) => other is null ? 1 : _numbers.AsSpan().SequenceCompareTo(other._numbers);

    /// <inheritdoc/>
    public bool Equals(ImageVersion? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static int Compare(ImageVersion left, ImageVersion right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.CompareTo(right);
    }
}
