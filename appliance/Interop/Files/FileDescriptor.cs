using System.Globalization;
using System.Text;

namespace VSan.Interop;

/// <summary>An open file of the kernel's. Its calls return what the kernel does: 0 or more, or a negated error number.</summary>
public sealed unsafe class FileDescriptor : IDisposable
{
    private FileDescriptor(int number) => Number = number;

    /// <summary>The number; -1 after disposal.</summary>
    public int Number { get; private set; }

    /// <summary>Opens a file for reading and writing.</summary>
    /// <param name="path">Path.</param>
    /// <param name="direct">True: O_DIRECT, past the page cache.</param>
    /// <param name="create">True: make it, mode 0600, when it is missing.</param>
    /// <param name="error">Negated error number when null is returned.</param>
    public static FileDescriptor? TryOpen(string path, bool direct, bool create, out int error)
        => TryOpen(path, FileConstants.OpenReadWrite | (direct ? FileConstants.OpenDirect : 0) | (create ? FileConstants.OpenCreate : 0), out error);

    /// <summary>
    /// Opens a block device for reading and writing past the page cache. With <paramref name="claim"/> as its only holder (O_EXCL): -EBUSY while
    /// it is mounted, part of another device, or held by anybody else, if only by requests that a dead process left with the kernel.
    /// </summary>
    public static FileDescriptor? TryOpenDevice(string path, bool claim, out int error)
        => TryOpen(path, FileConstants.OpenReadWrite | FileConstants.OpenDirect | (claim ? FileConstants.OpenExclusive : 0), out error);

    /// <summary>Opens a file or device to ask about it.</summary>
    public static FileDescriptor? TryOpenToLook(string path, out int error) => TryOpen(path, FileConstants.OpenReadOnly, out error);

    /// <summary>Opens a directory, to make its entries durable.</summary>
    public static FileDescriptor? TryOpenDirectory(string path, out int error)
        => TryOpen(path, FileConstants.OpenReadOnly | FileConstants.OpenDirectory, out error);

    /// <summary>Makes an eventfd, which wakes a ring from another thread.</summary>
    public static FileDescriptor CreateEvent()
    {
        int fd = Libc.Result(Libc.EventFd(0, FileConstants.EventCloseOnExec));
        return fd >= 0 ? new FileDescriptor(fd) : throw new IOException($"eventfd failed: {Errno.Describe(fd)}");
    }

    /// <summary>Adds one to an eventfd.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = Libc.Write(Number, &one, sizeof(ulong));
    }

    /// <summary>Length of the file in bytes.</summary>
    public long Length()
    {
        int result = Look(FileConstants.StatxSize, out Statx statx);
        return result < 0 ? result : (long)statx.Size;
    }

    /// <summary>Bytes that the file takes on its filesystem: fewer than its length when it is sparse; blocks that it shares count in full.</summary>
    public long AllocatedBytes()
    {
        const int unitBytes = 512; // of stx_blocks, on every filesystem (statx(2))
        int result = Look(FileConstants.StatxBlocks, out Statx statx);
        return result < 0 ? result : (long)statx.Blocks * unitBytes;
    }

    /// <summary>Which block device this is, as <c>MAJOR:MINOR</c>; null when it is none.</summary>
    public string? DeviceNumber()
    {
        int result = Look(FileConstants.StatxType, out Statx statx);
        bool isDevice = result >= 0 && (statx.Mode & FileConstants.ModeTypeMask) == FileConstants.ModeBlockDevice;
        return isDevice ? string.Create(CultureInfo.InvariantCulture, $"{statx.DeviceMajor}:{statx.DeviceMinor}") : null;
    }

    /// <summary>Asks a device for one number by an ioctl that answers with a <typeparamref name="T"/>.</summary>
    public int Ask<T>(uint request, out T answer)
        where T : unmanaged
    {
        T value = default;
        int result = Libc.Result(Libc.Ioctl(Number, request, (nint)(&value)));
        answer = value;
        return result;
    }

    /// <summary>Sets the length.</summary>
    public int Truncate(long lengthBytes) => Libc.Result(Libc.FTruncate(Number, lengthBytes));

    /// <summary>Allocates, zeroes or punches a range.</summary>
    public int Allocate(int mode, long offset, long lengthBytes) => Libc.Result(Libc.FAllocate(Number, mode, offset, lengthBytes));

    /// <summary>The first byte from <paramref name="offset"/> on that takes space. May wait for the disk.</summary>
    /// <returns>Its offset; -ENXIO when only a hole is left.</returns>
    public long FindData(long offset) => Seek(offset, FileConstants.SeekData);

    /// <summary>The first byte from <paramref name="offset"/> on that takes none; the end of the file is one. May wait for the disk.</summary>
    public long FindHole(long offset) => Seek(offset, FileConstants.SeekHole);

    /// <summary>Makes data and the length durable.</summary>
    public int DataSync() => Libc.Result(Libc.FDataSync(Number));

    /// <summary>Makes everything durable; on a directory, its entries.</summary>
    public int Sync() => Libc.Result(Libc.FSync(Number));

    /// <summary>Makes this file share every block of <paramref name="source"/> (FICLONE); both go on independently.</summary>
    public int CloneFrom(FileDescriptor source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Libc.Result(Libc.Ioctl(Number, FileConstants.IoctlClone, source.Number));
    }

    /// <summary>Takes the file's exclusive lock, which ends with the process; does not wait.</summary>
    public int TryLock() => Libc.Result(Libc.FLock(Number, FileConstants.LockExclusive | FileConstants.LockNonBlocking));

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        if (Number < 0) return;
        _ = Libc.Close(Number);
        Number = -1;
    }

    private int Look(uint mask, out Statx statx)
    {
        Statx answer = default;
        byte empty = 0;
        int result = Libc.Result(Libc.Statx(Number, &empty, FileConstants.AtEmptyPath, mask, &answer));
        statx = answer;
        return result;
    }

    private long Seek(long offset, int whence)
    {
        long result = Libc.LSeek(Number, offset, whence);
        return result == -1 ? Libc.Result(result) : result;
    }

    private static FileDescriptor? TryOpen(string path, int flags, out int error)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* pointer = name)
        {
            const int ownerOnly = 0x180; // 0600
            error = Libc.Result(Libc.Open(pointer, flags | FileConstants.OpenCloseOnExec, ownerOnly));
        }

        return error < 0 ? null : new FileDescriptor(error);
    }
}
