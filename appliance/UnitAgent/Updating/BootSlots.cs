using System.Buffers;
using System.Text;
using VSan.Contracts;
using VSan.Images;

namespace VSan.UnitAgent.Updating;

/// <summary>
/// The versions on the boot partition. A version comes there under a name that no boot loader looks at, is checked where it lies, and is then
/// renamed; whatever cuts it off, the version that runs stays as it is and one of the two is started.
/// <code>
///   (absent) ── Stage: vsan.new, checked, renamed ──► vsan_2+3 ── boot loader: +2-1, +1-2 ──► vsan_2+0-3 (never again)
///                                                        └── Bless, by the version itself ──► vsan_2
/// </code>
/// </summary>
/// <param name="files">The boot partition.</param>
/// <param name="running">The version that runs; it is never removed.</param>
internal sealed class BootSlots(IEspFiles files, ImageVersion running)
{
    /// <summary>Where the versions lie.</summary>
    public const string Folder = "EFI/Linux";

    /// <summary>GRUB's memory.</summary>
    public const string Environment = "vsan/grub/grubenv";

    /// <summary>A version on its way; a name that boot loaders pass over.</summary>
    public const string Aside = "EFI/Linux/vsan.new";

    private const int ChunkBytes = 1024 * 1024;
    private const int SectorBytes = 512;

    /// <summary>The versions that are there, the newest first.</summary>
    public IReadOnlyList<Slot> All() => [.. files.Names(Folder).Select(name => Slot.TryParse(name, out Slot? slot) ? slot : null).OfType<Slot>().OrderByDescending(slot => slot.Version)];

    /// <summary>True while the version that runs was not blessed yet.</summary>
    public bool IsOnTrial() => All().FirstOrDefault(slot => slot.Version == running) is { IsBlessed: false };

    /// <summary>True when a version was started as often as it may be, and is not the one that runs.</summary>
    public bool HasFallen(ImageVersion version) =>
        version != running && All().FirstOrDefault(slot => slot.Version == version) is { TriesLeft: { } left }
        && (left == 0 || GrubEnvironment.Parse(files.Read(Environment)) is { TriesLeft: 0 } grub && grub.Try == version.Text);

    /// <summary>Puts a version beside the one that runs, to be tried at the next start.</summary>
    /// <param name="version">The version that is meant.</param>
    /// <param name="digest">SHA-256 of its file.</param>
    /// <param name="sizeBytes">The file's length.</param>
    /// <param name="source">The file.</param>
    /// <param name="signers">Who is believed.</param>
    /// <exception cref="ImageRefusedException">The file is not that version, or not signed; nothing of it stays.</exception>
    public void Stage(ImageVersion version, string digest, long sizeBytes, Stream source, ImageSigners signers)
    {
        if (version <= running) throw new ImageRefusedException($"Version {version} is not newer than {running}, which runs.");
        if (IsOnTrial()) throw new ImageRefusedException($"Version {running} is on trial itself.");
        if (sizeBytes is <= 0 or > ImageFile.SizeBytesMax) throw new ImageRefusedException($"An image has not {sizeBytes} bytes.");
        MakeRoom();
        try
        {
            Copy(source, sizeBytes);
            ImageFile image = Inspect(signers);
            if (image.Digest != digest || image.Version != version) throw new ImageRefusedException($"It is version {image.Version} with digest {image.Digest}, not version {version} with {digest}.");
            WriteGrubEntry(image);
        }
        catch
        {
            files.Delete(Aside);
            throw;
        }

        files.Move(Aside, InFolder(Slot.Untried(version)));
        SetGrub(Grub() with { Try = version.Text, TriesLeft = Slot.Tries });
    }

    /// <summary>The version that runs is healthy: it is started from now on.</summary>
    public void Bless()
    {
        if (All().FirstOrDefault(slot => slot.Version == running) is { IsBlessed: false } slot) files.Move(InFolder(slot.FileName), InFolder(Slot.Blessed(running)));
        GrubEnvironment good = new(running.Text, Try: null, TriesLeft: 0);
        if (Grub() != good) SetGrub(good);
    }

    /// <summary>Removes a version that was never blessed and does not run.</summary>
    public void Discard(ImageVersion version)
    {
        GrubEnvironment grub = Grub();
        if (grub.Try == version.Text && version != running) SetGrub(grub with { Try = null, TriesLeft = 0 });
        foreach (Slot slot in All().Where(slot => slot.Version == version && version != running && !slot.IsBlessed)) Remove(slot);
    }

    // Beside the one that runs, room is for one: an older good one would be behind the one that runs, and that is good too.
    private void MakeRoom()
    {
        SetGrub(new GrubEnvironment(running.Text, Try: null, TriesLeft: 0));
        foreach (Slot slot in All().Where(slot => slot.Version != running)) Remove(slot);
        files.Delete(Aside);
    }

    private void Remove(Slot slot)
    {
        files.Delete(InFolder(slot.FileName));
        files.Delete(InFolder(Slot.GrubEntry(slot.Version)));
    }

    private void Copy(Stream source, long sizeBytes)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using (Stream aside = files.Create(Aside))
            {
                for (long left = sizeBytes; left > 0;)
                {
                    int read = source.Read(buffer, 0, (int)Math.Min(ChunkBytes, left));
                    if (read == 0) throw new ImageRefusedException($"It ended {left} bytes early.");
                    aside.Write(buffer, 0, read);
                    left -= read;
                }
            }

            files.Flush(Aside);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ImageFile Inspect(ImageSigners signers)
    {
        using Stream aside = files.Open(Aside);
        return ImageFile.Inspect(aside, signers);
    }

    // As build.sh writes it for the first version: GRUB takes both out of the file by their sectors.
    private void WriteGrubEntry(ImageFile image)
    {
        string path = InFolder(Slot.GrubEntry(image.Version));
        string text = $"linux (uki){Sectors(image.Linux)} {image.CommandLine} vsanboot=disk $trial\ninitrd (uki){Sectors(image.Initrd)}\n";
        using (Stream file = files.Create(path)) file.Write(Encoding.ASCII.GetBytes(text));
        files.Flush(path);
    }

    private static string Sectors(ByteRange range) => range.Offset % SectorBytes == 0
        ? $"{range.Offset / SectorBytes}+{(range.LengthBytes + SectorBytes - 1) / SectorBytes}"
        : throw new ImageRefusedException("Its kernel does not begin on a sector.");

    private GrubEnvironment Grub() => GrubEnvironment.Parse(files.Read(Environment));

    private void SetGrub(GrubEnvironment environment) => files.Overwrite(Environment, environment.Format());

    private static string InFolder(string name) => $"{Folder}/{name}";
}
