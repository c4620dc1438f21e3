using VSan.Block;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>Writes that are under way together, each with a buffer of its own that is filled with its number.</summary>
internal sealed class WriteBurst(int count, int lengthBytes, BufferPool pool) : IBlockCompletion, IDisposable
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<BlockRequest, int> _numbers = [];
    private readonly List<int> _succeeded = [];
    private int _ended;

    public void OnCompleted(BlockRequest request)
    {
        if (request.Status is BlockStatus.Success) _succeeded.Add(_numbers[request]);
        if (++_ended == count) _done.SetResult();
    }

    public void Dispose()
    {
        foreach (BlockRequest request in _numbers.Keys) pool.Return(request.Buffer);
    }

    internal BlockRequest Request(int number, ulong lba, int blocks)
    {
        Assert.True(pool.TryRent(lengthBytes, out BufferLease lease));
        lease.Span.Fill((byte)number);
        var request = new BlockRequest
        {
            Operation = BlockOperation.Write,
            Lba = new Lba(lba),
            Count = new BlockCount((ulong)blocks),
            Buffer = lease,
            Completion = this,
        };
        _numbers.Add(request, number);
        return request;
    }

    internal List<int> Wait()
    {
        Assert.True(_done.Task.Wait(TimeSpan.FromSeconds(20)));
        return _succeeded;
    }
}
