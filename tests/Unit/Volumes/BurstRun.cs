using VSan.Block;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>Requests without data that a test began in one turn of a ring, numbered from 1, and how each ended.</summary>
internal sealed class BurstRun : IBlockCompletion, IDisposable
{
    private readonly VolumeBench _bench;
    private readonly BlockRequest[] _requests;
    private int _endedCount;

    internal BurstRun(VolumeBench bench, int count)
    {
        _bench = bench;
        _requests = [.. Enumerable.Range(0, count).Select(number => new BlockRequest { Operation = BlockOperation.WriteZeroes, Lba = new Lba((ulong)number), Count = new BlockCount(1), Completion = this })];
        bench.Rings[0].Post(() => Array.ForEach(_requests, bench.Volume.Submit));
    }

    /// <summary>How each has ended; success, too, while it has not.</summary>
    internal IEnumerable<BlockStatus> Statuses => _requests.Select(request => request.Status);

    public void OnCompleted(BlockRequest request) => Interlocked.Increment(ref _endedCount);

    /// <summary>Lets go of what waits.</summary>
    public void Dispose() => _bench.Volume.SetLimit(null);

    /// <summary>Waits until so many have ended, and sees that the ring, asked once more, ends no others.</summary>
    internal async Task EndedAsync(int count)
    {
        await Eventually.TrueAsync($"{count} requests have ended, {Volatile.Read(ref _endedCount)} have", () => Volatile.Read(ref _endedCount) >= count);
        TaskCompletionSource looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Rings[0].Post(() =>
        {
            _ = _bench.Volume.PassLimited(0);
            looked.SetResult();
        });
        await looked.Task;
        Assert.Equal(count, Volatile.Read(ref _endedCount));
    }

    internal Task<bool> RecallAsync(int number)
    {
        TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Rings[0].Post(() => answer.SetResult(_bench.Volume.TryRecall(_requests[number - 1])));
        return answer.Task;
    }
}
