namespace VSan.Tests.Proof;

/// <summary>Words that tell one round's data from every other's, the same again for the same seed.</summary>
internal sealed class Generations(int seed, int lane)
{
    private ulong _count;

    public ulong Next() => ((ulong)(uint)seed << 32) ^ ((ulong)(uint)lane << 24) ^ ++_count;
}
