using VSan.Interop;

namespace VSan.Reactor;

/// <summary>Pieces of memory for replies that are copied on their way out. Last returned, first lent: the warm ones are reused. Ring thread.</summary>
/// <remarks>
/// A connection's share shrinks with what is left, so that slow peers leave something for the others: each takes at most a ninth of what
/// those before it left, and one chunk when only the reserve is left.
/// </remarks>
internal sealed unsafe class SendChunks : IDisposable
{
    internal const int ChunkBytes = 8 * 1024;

    // One connection may hold an eighth of what is free beyond the reserve: 1.5 MiB of an idle ring with the default count.
    private const int FreeForOneShare = 8;

    // The last quarter goes out in small numbers only: with the defaults it is one chunk for each connection that a ring may have.
    private const int CountForOneReserved = 4;

    // What a connection may hold of the reserve: the headers of a whole command window are one chunk, a full ping or text answer is two.
    private const int HeldOfReserveMax = 4;

    private readonly MemoryMapping _memory;
    private readonly int[] _free;
    private int _freeCount;

    internal SendChunks(int count)
    {
        _memory = MemoryMapping.Anonymous((long)count * ChunkBytes);
        _free = new int[count];
        for (int i = 0; i < count; i++) _free[i] = count - 1 - i;
        _freeCount = count;
    }

    /// <summary>Chunks that one connection may hold now; one that holds more is not read from.</summary>
    internal int ShareCount => Math.Max(_freeCount - ReserveCount, 0) / FreeForOneShare;

    private int ReserveCount => _free.Length / CountForOneReserved;

    /// <summary>Lends one chunk.</summary>
    /// <param name="heldCount">Chunks that the asking connection holds already.</param>
    /// <param name="chunk">The chunk, or null.</param>
    /// <returns><c>false</c>: none is left, or only the reserve, and the connection holds too many for that.</returns>
    internal bool TryRent(int heldCount, out byte* chunk)
    {
        chunk = null;
        if (_freeCount == 0 || (_freeCount <= ReserveCount && heldCount >= HeldOfReserveMax)) return false;
        chunk = (byte*)_memory.Address + ((long)_free[--_freeCount] * ChunkBytes);
        return true;
    }

    internal void Return(byte* chunk) => _free[_freeCount++] = (int)((chunk - (byte*)_memory.Address) / ChunkBytes);

    public void Dispose() => _memory.Dispose();
}
