namespace VSan.Interop;

/// <summary>Memory outside the managed heap, page-aligned, zero, and without cost before it is touched.</summary>
public sealed class MemoryMapping : IDisposable
{
    private MemoryMapping(nint address, long lengthBytes)
    {
        Address = address;
        LengthBytes = lengthBytes;
    }

    /// <summary>First byte; 0 after disposal.</summary>
    public nint Address { get; private set; }

    /// <summary>Length in bytes.</summary>
    public long LengthBytes { get; }

    /// <summary>Maps private, zeroed memory that reserves nothing.</summary>
    public static MemoryMapping Anonymous(long lengthBytes)
        => Map(lengthBytes, MemoryConstants.MapPrivate | MemoryConstants.MapAnonymous | MemoryConstants.MapNoReserve, -1, 0);

    internal static MemoryMapping OfFile(int fd, long offset, long lengthBytes)
        => Map(lengthBytes, MemoryConstants.MapShared | MemoryConstants.MapPopulate, fd, offset);

    /// <summary>Gives the pages of a piece back; they read as zeroes from now on. Whole pages only.</summary>
    public void Discard(long offset, long lengthBytes)
    {
        int result = Libc.Result(Libc.MAdvise(Address + (nint)offset, (nint)lengthBytes, MemoryConstants.AdviseDontNeed));
        if (result < 0) throw new InvalidOperationException($"madvise refused whole pages of our own mapping: {Errno.Describe(result)}");
    }

    /// <summary>Unmaps it. Nobody may touch it afterwards.</summary>
    public void Dispose()
    {
        if (Address == 0) return;
        _ = Libc.MUnmap(Address, (nint)LengthBytes);
        Address = 0;
    }

    private static MemoryMapping Map(long lengthBytes, int flags, int fd, long offset)
    {
        nint address = Libc.MMap(0, (nint)lengthBytes, MemoryConstants.ProtectRead | MemoryConstants.ProtectWrite, flags, fd, (nint)offset);
        if (address == -1) throw new InsufficientMemoryException($"Mapping {lengthBytes} bytes failed: {Errno.Describe(Libc.Result(-1))}");
        return new MemoryMapping(address, lengthBytes);
    }
}
