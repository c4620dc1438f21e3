namespace VSan.Reactor;

/// <summary>The bounds of one ring. Each is memory that is mapped at the start and touched with use.</summary>
/// <param name="ArenaBytes">Data buffers, registered with the kernel, which pins them.</param>
/// <param name="SlotCount">Operations under way at once; a power of two. 16 bytes each.</param>
/// <param name="ReceiveBufferCount">Provided receive buffers; a power of two. When none is free, receiving pauses, nothing is lost.</param>
/// <param name="ReceiveBufferBytes">64 KiB: with 4 KiB ones pipelined throughput is half.</param>
/// <param name="SendChunkCount">Chunks for replies that are copied. A connection that holds more than an eighth of the free ones, less a reserve, is not read from.</param>
/// <param name="ConnectionCount">Connections at once; one more is closed at once.</param>
/// <param name="QueuedBytesMax">Unsent bytes of one connection past which it is not read from; a slow peer costs no more than this and one turn.</param>
/// <param name="Engine">What carries out the submissions.</param>
public sealed record RingOptions(
    int ArenaBytes,
    int SlotCount = 4096,
    int ReceiveBufferCount = 64,
    int ReceiveBufferBytes = 64 * 1024,
    int SendChunkCount = 2048,
    int ConnectionCount = 512,
    int QueuedBytesMax = 4 * 1024 * 1024,
    EngineKind Engine = EngineKind.Auto);
