using VSan.Interop;

namespace VSan.Reactor;

/// <summary>Receive buffers of one size, the one returned last lent first. Ring thread. The memory is mapped and touched with use.</summary>
internal sealed unsafe class ReceiveBuffers : IDisposable
{
    private readonly MemoryMapping _memory;
    private readonly int _bufferBytes;
    private readonly ushort[] _free;
    private int _freeCount;

    public ReceiveBuffers(int count, int bufferBytes)
    {
        _memory = MemoryMapping.Anonymous((long)count * bufferBytes);
        _bufferBytes = bufferBytes;
        _free = new ushort[count];
        for (int id = 0; id < count; id++) Return((ushort)id);
    }

    public bool TryTake(out ushort id)
    {
        id = _freeCount > 0 ? _free[--_freeCount] : ushort.MaxValue;
        return id != ushort.MaxValue;
    }

    public void Return(ushort id) => _free[_freeCount++] = id;

    public Span<byte> At(ushort id) => new((byte*)_memory.Address + ((long)id * _bufferBytes), _bufferBytes);

    public void Dispose() => _memory.Dispose();
}
