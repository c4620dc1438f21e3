namespace VSan.Interop;

/// <summary>Calls on files by number, which wait for the disk. Each returns 0 or more, or a negated error number.</summary>
public static unsafe class FileCalls
{
    /// <summary>pread.</summary>
    public static int Read(int fd, nint address, int lengthBytes, long offset) => Libc.Result(Libc.PRead(fd, (void*)address, lengthBytes, offset));

    /// <summary>read, of something that has no offset.</summary>
    public static int ReadStream(int fd, nint address, int lengthBytes) => Libc.Result(Libc.Read(fd, (void*)address, lengthBytes));

    /// <summary>pwritev2.</summary>
    /// <param name="fd">The file.</param>
    /// <param name="address">The bytes.</param>
    /// <param name="lengthBytes">How many.</param>
    /// <param name="offset">Where to.</param>
    /// <param name="flags">RWF_ flags.</param>
    public static int Write(int fd, nint address, int lengthBytes, long offset, uint flags)
    {
        var vector = new IoVector { Base = address, Length = (nuint)lengthBytes };
        return Libc.Result(Libc.PWriteV2(fd, &vector, 1, offset, (int)flags));
    }

    /// <summary>fdatasync.</summary>
    public static int DataSync(int fd) => Libc.Result(Libc.FDataSync(fd));

    /// <summary>fallocate.</summary>
    public static int Allocate(int fd, int mode, long offset, long lengthBytes) => Libc.Result(Libc.FAllocate(fd, mode, offset, lengthBytes));
}
