using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VSan.Tests.Proof.Disks;

/// <summary>Where the bytes of a file lie on its disk (FIEMAP, Documentation/filesystems/fiemap.rst): to look at them below everything.</summary>
/// <remarks>
/// <code>
///  request   0 start 8 | 8 length 8 | 16 flags 4 | 20 mapped 4 | 24 room 4 | 28 reserved 4
///  extent    0 logical 8 | 8 physical 8 | 16 length 8 | 24 reserved 16 | 40 flags 4 | 44 reserved 12
/// </code>
/// </remarks>
internal sealed partial class FileExtents
{
    private const nuint Fiemap = 0xc020660b;
    private const int HeaderBytes = 32;
    private const int ExtentBytes = 56;
    private const int ExtentsMax = 256;
    private const uint Unwritten = 0x800;
    private readonly List<(long Logical, long Physical, long Length)> _extents = [];

    /// <summary>Reads the map of a file whose every block has been written and flushed.</summary>
    public FileExtents(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        byte[] request = new byte[HeaderBytes + (ExtentsMax * ExtentBytes)];
        BinaryPrimitives.WriteInt64LittleEndian(request.AsSpan(8), long.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(24), ExtentsMax);
        if (Ioctl(file, Fiemap, request) < 0) throw new Win32Exception();
        int count = BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(20));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> extent = request.AsSpan(HeaderBytes + (i * ExtentBytes), ExtentBytes);
            if ((BinaryPrimitives.ReadUInt32LittleEndian(extent[40..]) & Unwritten) != 0) continue;
            _extents.Add((Word(extent, 0), Word(extent, 8), Word(extent, 16)));
        }
    }

    /// <summary>The disk's byte that holds the file's.</summary>
    public long Locate(long offset)
    {
        (long logical, long physical, _) = _extents.Find(extent => offset >= extent.Logical && offset < extent.Logical + extent.Length) is { Length: > 0 } found
            ? found
            : throw new InvalidOperationException($"Byte {offset} of the file is nowhere on the disk.");
        return physical + (offset - logical);
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, byte[] argument);

    private static long Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);
}
