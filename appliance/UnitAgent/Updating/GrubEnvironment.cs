using System.Text;
using VSan.Images;

namespace VSan.UnitAgent.Updating;

/// <summary>
/// What GRUB keeps for machines without UEFI (GRUB manual, environment block): 1024 bytes of lines <c>name=value</c>, filled up with <c>#</c>.
/// Its lines fit into the first sector, which a disk writes whole or not at all; the file is changed in its place, as GRUB itself does it.
/// </summary>
/// <param name="Good">The version that is started when none is tried.</param>
/// <param name="Try">The version that is tried, or null.</param>
/// <param name="TriesLeft">Starts that it may still take; GRUB counts down before each.</param>
internal sealed record GrubEnvironment(string Good, string? Try, int TriesLeft)
{
    /// <summary>Length of the file.</summary>
    public const int SizeBytes = 1024;

    private const int SectorBytes = 512;
    private const string Signature = "# GRUB Environment Block\n";

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static GrubEnvironment Parse(ReadOnlySpan<byte> content)
    {
        string text = Encoding.ASCII.GetString(content);
        if (content.Length != SizeBytes || !text.StartsWith(Signature, StringComparison.Ordinal)) throw new InvalidDataException("GRUB's environment block is damaged.");
        Dictionary<string, string> values = ImageFile.Release(text[Signature.Length..].TrimEnd('#'));
        string tried = values.GetValueOrDefault("try", string.Empty);
        return new GrubEnvironment(values.GetValueOrDefault("good", string.Empty), tried.Length == 0 ? null : tried, int.TryParse(values.GetValueOrDefault("tries"), out int left) ? left : 0);
    }

    /// <summary>Writes it.</summary>
    public byte[] Format()
    {
        string lines = $"{Signature}good={Good}\ntry={Try}\ntries={TriesLeft}\n";
        if (lines.Length > SectorBytes) throw new InvalidOperationException("GRUB's environment is longer than a sector.");
        return Encoding.ASCII.GetBytes(lines.PadRight(SizeBytes, '#'));
    }
}
