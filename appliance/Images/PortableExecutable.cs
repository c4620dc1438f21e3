using System.Buffers.Binary;
using System.Text;

namespace VSan.Images;

/// <summary>
/// The headers of an EFI program (PE/COFF specification, PE32+): where its sections lie, and what its signature is over.
/// <code>
///   0 "MZ" … 60: offset of ─► "PE\0\0" machine sections … | optional header … checksum … certificate table | sections | … | certificates
/// </code>
/// </summary>
internal sealed class PortableExecutable
{
    private const int HeaderBytesMax = 64 * 1024;
    private const int SignatureOffsetAt = 60;
    private const int SectionCountAt = 6;
    private const int OptionalSizeAt = 20;
    private const int OptionalAt = 24;
    private const int ChecksumAt = 64;
    private const int DirectoryCountAt = 108;
    private const int CertificateTableAt = 144;
    private const int CertificateTableIndex = 4;
    private const int SectionBytes = 40;
    private const ushort Plus = 0x20b;

    private readonly Dictionary<string, ByteRange> _sections = [];

    private PortableExecutable(ByteRange checksum, ByteRange tableEntry, ByteRange certificates) =>
        (Checksum, TableEntry, Certificates) = (checksum, tableEntry, certificates);

    /// <summary>The checksum's field, which a signature leaves out.</summary>
    public ByteRange Checksum { get; }

    /// <summary>The field that says where the certificates are, which a signature leaves out.</summary>
    public ByteRange TableEntry { get; }

    /// <summary>The signatures; they end the file.</summary>
    public ByteRange Certificates { get; }

    /// <summary>Reads the headers.</summary>
    /// <exception cref="ImageRefusedException">It is not such a file, or it is not signed.</exception>
    public static PortableExecutable Read(Stream file)
    {
        byte[] header = new byte[Math.Min(HeaderBytesMax, file.Length)];
        file.Position = 0;
        file.ReadExactly(header);
        try
        {
            return Parse(header, file.Length);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ImageRefusedException("It is cut off within its headers.");
        }
    }

    /// <summary>Where the bytes of a section lie.</summary>
    /// <exception cref="ImageRefusedException">There is no such section.</exception>
    public ByteRange Section(string name) =>
        _sections.TryGetValue(name, out ByteRange range) ? range : throw new ImageRefusedException($"It has no section {name}: it is no kernel image of the appliance.");

    private static PortableExecutable Parse(ReadOnlySpan<byte> header, long fileBytes)
    {
        if (header.Length < 2 || !header[..2].SequenceEqual("MZ"u8)) throw new ImageRefusedException("It is no EFI program.");
        int start = (int)Math.Min(int.MaxValue / 2, Number(header, SignatureOffsetAt));
        if (!header.Slice(start, 4).SequenceEqual("PE\0\0"u8)) throw new ImageRefusedException("It is no EFI program.");
        int optional = start + OptionalAt;
        if (BinaryPrimitives.ReadUInt16LittleEndian(header.Slice(optional, 2)) != Plus) throw new ImageRefusedException("It is no 64-bit EFI program.");
        if (Number(header, optional + DirectoryCountAt) <= CertificateTableIndex) throw new ImageRefusedException("It is not signed.");
        ByteRange certificates = new(Number(header, optional + CertificateTableAt), Number(header, optional + CertificateTableAt + 4));
        if (certificates.LengthBytes == 0) throw new ImageRefusedException("It is not signed.");
        PortableExecutable read = new(new ByteRange(optional + ChecksumAt, 4), new ByteRange(optional + CertificateTableAt, 8), certificates);
        if (certificates.Offset < read.TableEntry.End || certificates.End != fileBytes) throw new ImageRefusedException("It does not end where its signature does: it is cut off, or something was added.");
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header.Slice(start + SectionCountAt, 2));
        int at = optional + BinaryPrimitives.ReadUInt16LittleEndian(header.Slice(start + OptionalSizeAt, 2));
        for (; count > 0; count--, at += SectionBytes) read.Add(header.Slice(at, SectionBytes));
        return read;
    }

    private void Add(ReadOnlySpan<byte> section)
    {
        string name = Encoding.ASCII.GetString(section[..8]).TrimEnd('\0');
        long virtualBytes = Number(section, 8), rawBytes = Number(section, 16);
        ByteRange range = new(Number(section, 20), Math.Min(virtualBytes, rawBytes));
        if (range.End > Certificates.Offset) throw new ImageRefusedException($"Its section {name} reaches behind its end.");
        // What comes twice could be read as one and booted as the other.
        if (!_sections.TryAdd(name, range)) throw new ImageRefusedException($"It has the section {name} twice.");
    }

    private static long Number(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(offset, 4));
}
