using VSan.Block;

namespace VSan.Tests.Fakes;

/// <summary>A volume in memory. Completes inside the submit, or holds requests until told; can be made to fail.</summary>
internal sealed class RamVolume(int blocks, int blockSize = 512, bool thin = true) : IVolume
{
    private readonly byte[] _bytes = new byte[blocks * blockSize];
    private readonly Queue<BlockRequest> _held = new();

    public VolumeGeometry Geometry { get; private set; } = new(blockSize, 4096, new BlockCount((ulong)blocks), 4096 / blockSize, thin);

    public bool Hold { get; set; }

    public BlockStatus Fail { get; set; } = BlockStatus.Success;

    public int Flushes { get; private set; }

    public int DurableWrites { get; private set; }

    public int HeldCount => _held.Count;

    public Span<byte> At(int lba, int count) => _bytes.AsSpan(lba * blockSize, count * blockSize);

    public void Submit(BlockRequest request)
    {
        if (Hold) _held.Enqueue(request);
        else Run(request);
    }

    public bool TryRecall(BlockRequest request) => false;

    public void CompleteOne() => Run(_held.Dequeue());

    public void Shrink(int to) => Geometry = Geometry with { Blocks = new BlockCount((ulong)to) };

    public void MakeErasable() => Geometry = Geometry with { UnmapErases = true };

    private void Run(BlockRequest request)
    {
        if (Fail != BlockStatus.Success)
        {
            request.Complete(Fail, 5);
            return;
        }

        int at = (int)request.Lba.Value * blockSize;
        int length = (int)request.Count.Value * blockSize;
        switch (request.Operation)
        {
            case BlockOperation.Read:
                _bytes.AsSpan(at, length).CopyTo(request.Buffer.Span[request.BufferOffset..]);
                break;
            case BlockOperation.Write:
                request.Buffer.Span.Slice(request.BufferOffset, length).CopyTo(_bytes.AsSpan(at));
                if (request.ForceUnitAccess) DurableWrites++;
                break;
            case BlockOperation.Flush:
                Flushes++;
                break;
            case BlockOperation.FindExtent:
                bool zero = !_bytes.AsSpan(at, blockSize).ContainsAnyExcept((byte)0);
                int same = blockSize;
                while (same < length && zero == !_bytes.AsSpan(at + same, blockSize).ContainsAnyExcept((byte)0)) same += blockSize;
                request.SetExtent(new BlockCount((ulong)(same / blockSize)), isMapped: !zero);
                break;
            case BlockOperation.Unmap:
            case BlockOperation.WriteZeroes:
                _bytes.AsSpan(at, length).Clear();
                if (request.ForceUnitAccess) DurableWrites++;
                break;
        }

        request.Complete(BlockStatus.Success);
    }
}
