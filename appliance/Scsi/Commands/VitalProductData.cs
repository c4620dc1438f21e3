using System.Buffers.Binary;
using System.Text;
using VSan.Block;
using VSan.Scsi.Copy;

namespace VSan.Scsi.Commands;

/// <summary>Vital product data pages (SPC-4; SBC-3). Each writer returns the page's length in zeroed memory.</summary>
internal static class VitalProductData
{
    /// <summary>
    /// Longest WRITE SAME, in blocks: what WRITE SAME (10) can say. A pattern that is not zero is written out, and one command should not
    /// keep a disk for long (32 MiB of 512-byte blocks).
    /// </summary>
    public const uint WriteSameBlocksMax = ushort.MaxValue;

    /// <summary>Descriptors of one UNMAP: its parameter list then fits a page.</summary>
    public const int UnmapDescriptorsMax = 255;

    private const int HeaderBytes = 4;

    private static readonly byte[] Supported = [0x00, 0x80, 0x83, 0x86, 0x8F, 0xB0, 0xB1, 0xB2];

    /// <summary>Writes page <paramref name="code"/>; 0 when there is none of that code.</summary>
    public static int Fill(byte code, LogicalUnit unit, NexusIdentity nexus, Span<byte> page)
    {
        Span<byte> body = page[HeaderBytes..];
        int length = code switch
        {
            0x00 => FillSupported(body),
            0x80 => Encoding.ASCII.GetBytes(unit.Identity.SerialNumber, body),
            0x83 => FillIdentification(unit, nexus, body),
            0x86 => FillExtendedInquiry(body),
            0x8F => FillThirdPartyCopy(body),
            0xB0 => FillBlockLimits(unit, body),
            0xB1 => FillCharacteristics(unit.Volume.Geometry, body),
            0xB2 => FillProvisioning(unit, body),
            _ => 0,
        };
        if (length == 0) return 0;
        page[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(page[2..], (ushort)length);
        return HeaderBytes + length;
    }

    private static int FillSupported(Span<byte> body)
    {
        Supported.CopyTo(body);
        return Supported.Length;
    }

    /// <summary>
    /// Device identification: NAA and T10 names of the logical unit, relative identifier, group and SCSI name of the target port (SPC-4).
    /// </summary>
    private static int FillIdentification(LogicalUnit unit, NexusIdentity nexus, Span<byte> body)
    {
        const byte binary = 1, ascii = 2, utf8 = 3;
        const byte targetPort = 0x90; // PIV, association 01b
        const byte iscsi = 0x50;      // protocol identifier 5h in the upper half of byte 0

        int at = Designator(body, binary, 0x03, unit.NaaBytes);
        Span<byte> t10 = stackalloc byte[8 + 64];
        InquiryHandler.PadAscii(unit.Identity.Vendor, t10[..8]);
        string serial = unit.Identity.SerialNumber;
        int serialBytes = Encoding.ASCII.GetBytes(serial.AsSpan(0, Math.Min(serial.Length, 64)), t10[8..]);
        at += Designator(body[at..], ascii, 0x01, t10[..(8 + serialBytes)]);
        Span<byte> port = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(port, nexus.RelativeTargetPort);
        at += Designator(body[at..], iscsi | binary, targetPort | 0x04, port);
        at += Designator(body[at..], iscsi | binary, targetPort | 0x05, port);
        return at + Designator(body[at..], iscsi | utf8, targetPort | 0x08, ScsiName(nexus.TargetPortName));
    }

    /// <summary>A SCSI name string: UTF-8, ended by a zero, filled with zeroes to a multiple of four (SPC-4).</summary>
    private static byte[] ScsiName(string name)
    {
        byte[] padded = new byte[(Encoding.UTF8.GetByteCount(name) + 4) & ~3];
        Encoding.UTF8.GetBytes(name, padded);
        return padded;
    }

    private static int Designator(Span<byte> to, byte codeSet, byte type, ReadOnlySpan<byte> value)
    {
        to[0] = codeSet;
        to[1] = type;
        to[3] = (byte)value.Length;
        value.CopyTo(to[4..]);
        return 4 + value.Length;
    }

    private static int FillExtendedInquiry(Span<byte> body)
    {
        body[1] = 0x07; // HEADSUP, ORDSUP, SIMPSUP
        body[2] = 0x01; // V_SUP: a volatile cache, where WCE is set
        return 60;
    }

    /// <summary>
    /// Third-party copy (SPC-4): supported commands with their service actions, bounds of a list, descriptors, and what one copy may move.
    /// </summary>
    private static int FillThirdPartyCopy(Span<byte> body)
    {
        ReadOnlySpan<byte> commands = [8, 0x83, 1, 0x00, 0x84, 3, 0x00, 0x03, 0x04];
        ReadOnlySpan<byte> codes = [2, CopyList.BlockToBlock, CopyList.Identification];
        int at = CopyDescriptor(body, 0x0001, commands, 12);
        Span<byte> bounds = stackalloc byte[28];
        bounds.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(bounds[4..], CopyLimits.DescriptorsMax);
        BinaryPrimitives.WriteUInt16BigEndian(bounds[6..], CopyLimits.SegmentsMax);
        BinaryPrimitives.WriteUInt32BigEndian(bounds[8..], CopyLimits.ListBytesMax);
        at += CopyDescriptor(body[at..], 0x0004, bounds, bounds.Length);
        at += CopyDescriptor(body[at..], 0x0008, codes, 4);
        Span<byte> general = stackalloc byte[32];
        general.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(general, CopyLimits.RecordsMax);
        BinaryPrimitives.WriteUInt32BigEndian(general[4..], CopyLimits.RecordsMax);
        BinaryPrimitives.WriteUInt32BigEndian(general[8..], CopyLimits.SegmentBytesMax);
        general[12] = 9; // data segment granularity: 512 bytes
        return at + CopyDescriptor(body[at..], 0x8001, general, general.Length);
    }

    private static int CopyDescriptor(Span<byte> to, ushort type, ReadOnlySpan<byte> value, int paddedBytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, type);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)paddedBytes);
        value.CopyTo(to[4..]);
        return 4 + paddedBytes;
    }

    private static int FillBlockLimits(LogicalUnit unit, Span<byte> body)
    {
        VolumeGeometry geometry = unit.Volume.Geometry;
        uint blockSize = (uint)geometry.BlockSizeBytes;
        bool thin = geometry.Thin;
        body[0] = 0x01; // WSNZ: a WRITE SAME of 0 blocks is refused
        body[1] = CompareAndWriteHandler.BlocksMax;
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], (ushort)(geometry.PhysicalBlockSizeBytes / geometry.BlockSizeBytes));
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], BufferPool.PieceBytesMax / blockSize);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], BufferPool.PieceBytesMax / 4 / blockSize);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], thin ? uint.MaxValue : 0);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], thin ? (uint)UnmapDescriptorsMax : 0);
        BinaryPrimitives.WriteUInt32BigEndian(body[24..], thin ? (uint)geometry.UnmapGranularityBlocks : 0);
        BinaryPrimitives.WriteUInt32BigEndian(body[28..], thin ? 0x8000_0000 | (uint)geometry.UnmapAlignmentBlocks : 0); // UGAVALID, alignment
        BinaryPrimitives.WriteUInt64BigEndian(body[32..], WriteSameBlocksMax);
        return 60;
    }

    private static int FillCharacteristics(VolumeGeometry geometry, Span<byte> body)
    {
        BinaryPrimitives.WriteUInt16BigEndian(body, 1); // non-rotating
        body[3] = geometry.UnmapErases ? (byte)0x40 : (byte)0; // WABEREQ 01b: blocks can be read after BLOCK ERASE
        return 60;
    }

    /// <summary>
    /// Logical block provisioning (SBC-3): thin, and unmapped blocks read as zeroes, with thresholds counted in sets of 2^exponent blocks; or fully
    /// provisioned, without any.
    /// </summary>
    private static int FillProvisioning(LogicalUnit unit, Span<byte> body)
    {
        VolumeGeometry geometry = unit.Volume.Geometry;
        body[0] = unit.Threshold?.Exponent ?? 0;
        body[1] = geometry.Thin ? (byte)0xE4 : (byte)0; // LBPU, LBPWS, LBPWS10, LBPRZ 001b
        body[2] = geometry.Thin ? (byte)2 : (byte)0;
        return 4;
    }
}
