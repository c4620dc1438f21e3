using System.Runtime.InteropServices;
using VSan.Block;

namespace VSan.Tests.Fakes;

/// <summary>A pool over memory that lives as long as the process: a test's few megabytes.</summary>
internal static unsafe class TestPool
{
    public static BufferPool Create(int mebibytes = 16) =>
        new((nint)NativeMemory.AlignedAlloc((nuint)mebibytes << 20, 4096), mebibytes << 20);
}
