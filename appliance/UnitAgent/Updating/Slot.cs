using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using VSan.Contracts;

namespace VSan.UnitAgent.Updating;

/// <summary>
/// A version on the boot partition, by its file's name (Boot Loader Specification, boot counting): <c>vsan_1.2.efi</c> was healthy once;
/// <c>vsan_1.2+2-1.efi</c> is being tried, has two tries left and used one.
/// </summary>
/// <param name="Version">Its version.</param>
/// <param name="TriesLeft">Starts that it may still take; null once it is blessed.</param>
/// <param name="FileName">The file's name.</param>
internal sealed record Slot(ImageVersion Version, int? TriesLeft, string FileName)
{
    /// <summary>Starts that a new version is given: one may be lost to a power cut, one to a station that is away.</summary>
    public const int Tries = 3;

    private const string Prefix = "vsan_";
    private const string Suffix = ".efi";

    /// <summary>True when the boot loader starts it without counting.</summary>
    public bool IsBlessed => TriesLeft is null;

    /// <summary>The name of a version that is to be tried.</summary>
    public static string Untried(ImageVersion version) => $"{Prefix}{version}+{Tries}{Suffix}";

    /// <summary>The name of a version that was healthy.</summary>
    public static string Blessed(ImageVersion version) => $"{Prefix}{version}{Suffix}";

    /// <summary>The file beside it that tells GRUB where kernel and initial RAM disk begin in it.</summary>
    public static string GrubEntry(ImageVersion version) => $"{Prefix}{version}.grub";

    /// <summary>Reads a file's name.</summary>
    public static bool TryParse(string fileName, [NotNullWhen(true)] out Slot? slot)
    {
        slot = null;
        if (!fileName.StartsWith(Prefix, StringComparison.Ordinal) || !fileName.EndsWith(Suffix, StringComparison.Ordinal)) return false;
        string[] parts = fileName[Prefix.Length..^Suffix.Length].Split('+');
        if (!ImageVersion.TryParse(parts[0], out ImageVersion? version)) return false;
        int? left = null;
        if (parts.Length == 2)
        {
            string[] counts = parts[1].Split('-');
            if (counts.Length > 2 || !counts.All(count => int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out _))) return false;
            left = int.Parse(counts[0], CultureInfo.InvariantCulture);
        }

        if (parts.Length > 2) return false;
        slot = new Slot(version, left, fileName);
        return true;
    }
}
