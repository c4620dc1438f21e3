using System.Buffers.Binary;
using VSan.IscsiInitiator;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Counts up on one volume and then, once that is acknowledged, on a second: at no moment is the second ahead of the first, or more than one behind.</summary>
internal sealed class CounterPair : IAsyncDisposable
{
    private const int BlockBytes = 4096;
    private readonly IscsiSession _first;
    private readonly IscsiSession _second;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _counting;
    private long _begun;
    private long _acknowledged;

    private CounterPair(IscsiSession first, IscsiSession second)
    {
        (_first, _second) = (first, second);
        _counting = Task.Run(CountAsync);
    }

    /// <summary>The last number that both volumes have acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>The last number that was sent to any.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    public static async Task<CounterPair> StartAsync(HostAccess first, HostAccess second) =>
        new(await IscsiSession.LoginAsync(first), await IscsiSession.LoginAsync(second));

    /// <summary>What the counter in a volume's file says.</summary>
    public static long Read(string path)
    {
        byte[] block = new byte[BlockBytes];
        using FileStream file = File.OpenRead(path);
        file.ReadExactly(block);
        return BinaryPrimitives.ReadInt64LittleEndian(block);
    }

    public Task ProgressAsync(long by)
    {
        long goal = Acknowledged + by;
        return Eventually.TrueAsync($"the counters have come to {goal}", () => _counting.IsCompleted || Acknowledged >= goal);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _counting;
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _stop.Dispose();
    }

    private async Task CountAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            long next = Interlocked.Increment(ref _begun);
            await WriteAsync(_first, next);
            await WriteAsync(_second, next);
            Interlocked.Exchange(ref _acknowledged, next);
        }
    }

    private static async Task WriteAsync(IscsiSession session, long number)
    {
        byte[] block = new byte[BlockBytes];
        BinaryPrimitives.WriteInt64LittleEndian(block, number);
        ScsiResult result = await session.ExecuteAsync(ScsiCommand.Write(0, BlockBytes / 512), 0, block);
        if (result.Status != ScsiResult.Good) throw new IOException($"The counter could not be written: {result}.");
    }
}
