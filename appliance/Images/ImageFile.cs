using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using VSan.Contracts;

namespace VSan.Images;

/// <summary>What a signed image of the appliance is.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Digest">SHA-256 of the whole file, lower-case hexadecimal.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Signer">Who signed it.</param>
/// <param name="CommandLine">The kernel's command line.</param>
/// <param name="Linux">Where the kernel lies in it.</param>
/// <param name="Initrd">Where the initial RAM disk lies in it.</param>
public sealed record ImageFile(ImageVersion Version, string Digest, long SizeBytes, string Signer, string CommandLine, ByteRange Linux, ByteRange Initrd)
{
    /// <summary>The greatest that is taken: twice the image of today, and three such fit on a boot partition of 1 GiB.</summary>
    public const long SizeBytesMax = 320L << 20;

    private const int ChunkBytes = 256 * 1024;
    private const int TextBytesMax = 16 * 1024;
    private const string ImageId = "vsan";

    /// <summary>Reads a file whole, and makes sure that somebody who is believed signed it.</summary>
    /// <param name="file">The file; it can be sought in.</param>
    /// <param name="signers">Who is believed.</param>
    /// <exception cref="ImageRefusedException">It may not be used.</exception>
    public static ImageFile Inspect(Stream file, ImageSigners signers)
    {
        if (file.Length > SizeBytesMax) throw new ImageRefusedException($"It has {file.Length} bytes; an image has {SizeBytesMax} at most.");
        PortableExecutable program = PortableExecutable.Read(file);
        (byte[] whole, byte[] signed) = Digests(file, program);
        string signer = Authenticode.Verify(file, program.Certificates, signed, signers);
        Dictionary<string, string> release = Release(Text(file, program.Section(".osrel")));
        if (release.GetValueOrDefault("IMAGE_ID") != ImageId) throw new ImageRefusedException("It is an image of something else.");
        if (!ImageVersion.TryParse(release.GetValueOrDefault("IMAGE_VERSION"), out ImageVersion? version)) throw new ImageRefusedException("It has no version of the form 1.2.3.");
        return new ImageFile(
            version, Convert.ToHexStringLower(whole), file.Length, signer, Text(file, program.Section(".cmdline")).Trim(), program.Section(".linux"), program.Section(".initrd"));
    }

    /// <summary>The settings of an os-release file (os-release(5)), without their quotes.</summary>
    public static Dictionary<string, string> Release(string text)
    {
        Dictionary<string, string> settings = [];
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and int at) settings[line[..at]] = line[(at + 1)..].Trim('"');
        return settings;
    }

    private static (byte[] Whole, byte[] Signed) Digests(Stream file, PortableExecutable program)
    {
        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256), signed = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ByteRange[] parts =
        [
            new(0, program.Checksum.Offset),
            new(program.Checksum.End, program.TableEntry.Offset - program.Checksum.End),
            new(program.TableEntry.End, program.Certificates.Offset - program.TableEntry.End),
        ];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            file.Position = 0;
            long at = 0;
            for (int read; (read = file.Read(buffer, 0, ChunkBytes)) > 0; at += read)
            {
                whole.AppendData(buffer, 0, read);
                foreach (ByteRange part in parts)
                {
                    long from = Math.Max(at, part.Offset), to = Math.Min(at + read, part.End);
                    if (from < to) signed.AppendData(buffer, (int)(from - at), (int)(to - from));
                }
            }

            return (whole.GetHashAndReset(), signed.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Text(Stream file, ByteRange section)
    {
        if (section.LengthBytes > TextBytesMax) throw new ImageRefusedException("A section that holds text is too long.");
        byte[] bytes = new byte[section.LengthBytes];
        file.Position = section.Offset;
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0');
    }
}
