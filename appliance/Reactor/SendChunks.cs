using VSan.Interop;

namespace VSan.Reactor;

/// <summary>Pieces of memory for replies that are copied on their way out. Last returned, first lent: the warm ones are reused. Ring thread.</summary>
internal sealed unsafe class SendChunks : IDisposable
{
    internal const int ChunkBytes = 8 * 1024;

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

    internal bool TryRent(out byte* chunk)
    {
        chunk = null;
        if (_freeCount == 0) return false;
        chunk = (byte*)_memory.Address + ((long)_free[--_freeCount] * ChunkBytes);
        return true;
    }

    internal void Return(byte* chunk) => _free[_freeCount++] = (int)((chunk - (byte*)_memory.Address) / ChunkBytes);

    public void Dispose() => _memory.Dispose();
}
