using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VSan.Interop;

/// <summary>What the framework cannot ask of a Linux filesystem: durable names, space really taken, copies that share blocks.</summary>
public static partial class FileSystem
{
    // Values of the kernel's x86-64 and arm64 headers (fcntl.h, linux/stat.h, linux/fs.h).
    private const int OpenReadOnly = 0;
    private const int OpenCloseOnExec = 0x80000;
    private const int AtCurrentDirectory = -100;
    private const uint StatxBlocks = 0x400;
    private const nuint FileClone = 0x40049409;

    // struct statx: 256 bytes, stx_blocks in units of 512 bytes at offset 48.
    private const int StatxSize = 256;
    private const int StatxBlocksOffset = 48;
    private const int StatxBlockSizeBytes = 512;

    // struct statfs of 64-bit machines: 120 bytes; blocks in units of f_frsize.
    private const int StatfsSize = 120;
    private const int StatfsBlocksOffset = 16;
    private const int StatfsAvailableOffset = 32;
    private const int StatfsUnitOffset = 72;

    /// <summary>Makes the names inside a directory durable: without it a rename may be undone by a power cut.</summary>
    /// <exception cref="IOException">The directory cannot be opened or flushed; the inner exception carries errno.</exception>
    public static void FlushDirectory(string path)
    {
        int descriptor = Open(path, OpenReadOnly | OpenCloseOnExec, 0);
        if (descriptor < 0) throw Failure("open", path);
        using SafeFileHandle directory = new(descriptor, ownsHandle: true);
        if (FSync(directory) != 0) throw Failure("fsync", path);
    }

    /// <summary>Bytes that a file takes on its filesystem; less than its length when it is sparse.</summary>
    /// <exception cref="IOException">The file cannot be looked at; the inner exception carries errno.</exception>
    public static long AllocatedBytes(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        status.Clear();
        if (Statx(AtCurrentDirectory, path, 0, StatxBlocks, ref MemoryMarshal.GetReference(status)) != 0) throw Failure("statx", path);
        return BinaryPrimitives.ReadInt64LittleEndian(status[StatxBlocksOffset..]) * StatxBlockSizeBytes;
    }

    /// <summary>Bytes that the filesystem of a file has left for those who are not root, and has in all.</summary>
    /// <exception cref="IOException">The file cannot be looked at; the inner exception carries errno.</exception>
    public static (long AvailableBytes, long TotalBytes) SpaceAt(string path)
    {
        Span<byte> status = stackalloc byte[StatfsSize];
        status.Clear();
        if (Statfs(path, ref MemoryMarshal.GetReference(status)) != 0) throw Failure("statfs", path);
        long unit = BinaryPrimitives.ReadInt64LittleEndian(status[StatfsUnitOffset..]);
        return (BinaryPrimitives.ReadInt64LittleEndian(status[StatfsAvailableOffset..]) * unit, BinaryPrimitives.ReadInt64LittleEndian(status[StatfsBlocksOffset..]) * unit);
    }

    /// <summary>Makes <paramref name="destination"/> share every block of <paramref name="source"/>.</summary>
    /// <returns>False when the filesystem cannot share blocks.</returns>
    public static bool TryClone(SafeFileHandle source, SafeFileHandle destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        bool held = false;
        try
        {
            source.DangerousAddRef(ref held);
            return Ioctl(destination, FileClone, source.DangerousGetHandle()) == 0;
        }
        finally
        {
            if (held) source.DangerousRelease();
        }
    }

    private static IOException Failure(string call, string path)
    {
        Win32Exception cause = new(Marshal.GetLastPInvokeError());
        return new IOException($"{call} of {path}: {cause.Message}", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statfs(string path, ref byte status);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, nint argument);
}
