namespace VSan.Tests.Proof.Crash;

/// <summary>One way to use a volume. Each worker does its steps on a part of its own, side by side with the others.</summary>
/// <param name="Name">For the table and the seed.</param>
/// <param name="WriteCache">WCE of the volume.</param>
/// <param name="Steps">How many steps each worker does: as many as make a log of some hundred entries.</param>
/// <param name="StepAsync">One step of a worker in its part: run, first block, blocks, number of the step.</param>
internal sealed record Workload(string Name, bool WriteCache, int Steps, Func<WorkloadRun, int, int, int, Task> StepAsync)
{
    private const int PageBlocks = 4096 / CrashLedger.BlockBytes;

    /// <summary>All of them; a new one is a line here.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("4k writes, flushes", WriteCache: true, 120, FlushedWritesAsync),
        new("FUA writes", WriteCache: true, 80, DurableWritesAsync),
        new("UNMAP and again", WriteCache: true, 60, UnmapAsync),
        new("WRITE SAME and again", WriteCache: true, 60, WriteSameAsync),
        new("COMPARE AND WRITE", WriteCache: true, 80, CountAsync),
        new("no write cache", WriteCache: false, 60, WriteThroughAsync),
        new("sequential 256k", WriteCache: true, 32, SequentialAsync),
    ];

    private static Task FlushedWritesAsync(WorkloadRun run, int first, int count, int step)
    {
        if (run.Random.Next(8) == 0) return run.FlushAsync();
        int blocks = run.Random.Next(4) == 0 ? run.Random.Next(1, PageBlocks) : PageBlocks;
        return run.WriteAsync(first + run.Random.Next(count - blocks), blocks);
    }

    private static Task DurableWritesAsync(WorkloadRun run, int first, int count, int step)
    {
        int blocks = run.Random.Next(1, 3 * PageBlocks);
        return run.WriteAsync(first + run.Random.Next(count - blocks), blocks, durable: run.Random.Next(3) > 0);
    }

    private static Task UnmapAsync(WorkloadRun run, int first, int count, int step)
    {
        (int block, int blocks) = AnyRange(run, first, count);
        return (step % 4) switch
        {
            0 or 2 => run.WriteAsync(block, blocks, durable: step % 8 == 0),
            1 => run.UnmapAsync(block, blocks),
            _ => run.FlushAsync(),
        };
    }

    private static Task WriteSameAsync(WorkloadRun run, int first, int count, int step)
    {
        (int block, int blocks) = AnyRange(run, first, count);
        return (step % 4) switch
        {
            0 or 2 => run.WriteAsync(block, blocks),
            1 => run.WriteSameZeroesAsync(block, blocks),
            _ => run.FlushAsync(),
        };
    }

    // The version is the count; a counter for each worker, as the contest of many sessions is another rig's.
    private static async Task CountAsync(WorkloadRun run, int first, int count, int step)
    {
        if (!await run.TryCountAsync(first, (uint)step, (uint)step + 1, durable: step % 2 == 0)) throw new InvalidOperationException("The counter has moved.");
        if (step % 5 == 0) await run.FlushAsync();
    }

    private static Task WriteThroughAsync(WorkloadRun run, int first, int count, int step)
    {
        (int block, int blocks) = AnyRange(run, first, count);
        return (step % 5) switch
        {
            1 => run.WriteSameZeroesAsync(block, blocks),
            3 => run.UnmapAsync(block, blocks),
            _ => run.WriteAsync(block, blocks),
        };
    }

    private static async Task SequentialAsync(WorkloadRun run, int first, int count, int step)
    {
        const int blocks = 256 * 1024 / CrashLedger.BlockBytes;
        await run.WriteAsync(first + (step * blocks % (count - blocks + 1)), blocks);
        if (step % 8 == 7) await run.FlushAsync();
    }

    private static (int Block, int Count) AnyRange(WorkloadRun run, int first, int count)
    {
        int blocks = run.Random.Next(1, 8 * PageBlocks);
        return (first + run.Random.Next(count - blocks), blocks);
    }
}
