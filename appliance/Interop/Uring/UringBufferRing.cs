using System.Runtime.InteropServices;

namespace VSan.Interop.Uring;

/// <summary>One provided buffer; the 16-bit tail of the ring lies over <see cref="Tail"/> of its first entry.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct io_uring_buf")]
internal struct UringBuffer
{
    [CName("addr")] internal ulong Address;
    [CName("len")] internal uint Length;
    [CName("bid")] internal ushort Id;
    [CName("resv")] internal ushort Tail;
}

/// <summary>Registers a ring of provided buffers.</summary>
[StructLayout(LayoutKind.Sequential)]
[CName("struct io_uring_buf_reg")]
internal unsafe struct UringBufferRegistration
{
    [CName("ring_addr")] internal ulong RingAddress;
    [CName("ring_entries")] internal uint RingEntries;
    [CName("bgid")] internal ushort Group;
    [CName("pad")] internal ushort Pad;
    [CName("resv")] internal fixed ulong Reserved[3];
}

/// <summary>
/// Buffers of one size that the kernel picks from when data arrives. Owned by the ring's thread; the memory is mapped, so that a
/// buffer costs nothing before its first use.
/// </summary>
public sealed unsafe class UringBufferRing : IDisposable
{
    private readonly MemoryMapping _entries;
    private readonly MemoryMapping _buffers;
    private readonly int _mask;
    private ushort _tail;

    /// <summary>Registers the buffers with a ring.</summary>
    /// <param name="queue">The ring.</param>
    /// <param name="group">Number by which receives name the group.</param>
    /// <param name="count">A power of two, at most 32768.</param>
    /// <param name="bufferBytes">Size of each.</param>
    public UringBufferRing(UringQueue queue, ushort group, int count, int bufferBytes)
    {
        ArgumentNullException.ThrowIfNull(queue);
        _entries = MemoryMapping.Anonymous(count * sizeof(UringBuffer));
        _buffers = MemoryMapping.Anonymous((long)count * bufferBytes);
        _mask = count - 1;
        BufferBytes = bufferBytes;
        Group = group;
        UringBufferRegistration registration = default;
        registration.RingAddress = (ulong)_entries.Address;
        registration.RingEntries = (uint)count;
        registration.Group = group;
        int result = queue.Register(UringConstants.RegisterBufferRing, (nint)(&registration), 1);
        if (result < 0) throw new UringException("registering provided buffers", -result);
        for (int id = 0; id < count; id++) Return((ushort)id);
    }

    /// <summary>Size of each buffer in bytes.</summary>
    public int BufferBytes { get; }

    /// <summary>The group's number.</summary>
    public ushort Group { get; }

    /// <summary>The first bytes of a buffer that a completion named.</summary>
    public ReadOnlySpan<byte> Received(ushort id, int lengthBytes) => new((byte*)_buffers.Address + ((long)id * BufferBytes), lengthBytes);

    /// <summary>Gives a buffer back to the kernel.</summary>
    public void Return(ushort id)
    {
        var ring = (UringBuffer*)_entries.Address;
        UringBuffer* entry = &ring[_tail & _mask];
        entry->Address = (ulong)((byte*)_buffers.Address + ((long)id * BufferBytes));
        entry->Length = (uint)BufferBytes;
        entry->Id = id;
        _tail++;
        Volatile.Write(ref ring->Tail, _tail);
    }

    /// <summary>Unmaps the memory; only after the ring is closed.</summary>
    public void Dispose()
    {
        _buffers.Dispose();
        _entries.Dispose();
    }
}
