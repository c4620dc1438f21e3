using System.Diagnostics;

namespace VSan.Tests.Bench;

/// <summary>Runs one workload against one target and measures it.</summary>
internal static class LoadGenerator
{
    /// <summary>Loads for the warm-up and then the measured time; throws when the target refuses or drops a session.</summary>
    public static LoadResult Run(TargetAddress address, Workload workload, TimeSpan warmUp, TimeSpan measured, TargetProcess target)
    {
        LoadSession[] sessions = [.. Enumerable.Range(0, workload.Sessions).Select(index => new LoadSession(address, workload, index))];
        try
        {
            long measureFrom = Stopwatch.GetTimestamp() + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
            long endAt = measureFrom + (long)(measured.TotalSeconds * Stopwatch.Frequency);
            Exception? failure = null;
            Thread[] threads = [.. sessions.Select(session => new Thread(() => RunOne(session, measureFrom, endAt, ref failure)))];
            foreach (Thread thread in threads) thread.Start();
            WaitUntil(measureFrom);
            double processorBefore = ProcessorTime.Seconds(target.Id);
            long? callsBefore = target.KernelCalls?.Invoke();
            WaitUntil(endAt);
            double processor = ProcessorTime.Seconds(target.Id) - processorBefore;
            long? calls = target.KernelCalls?.Invoke() - callsBefore;
            foreach (Thread thread in threads) thread.Join();
            if (failure is not null) throw new InvalidOperationException($"{workload.Name} failed.", failure);
            return Summarise(sessions, workload, measured.TotalSeconds, processor, calls);
        }
        finally
        {
            foreach (LoadSession session in sessions) session.Dispose();
        }
    }

    private static void RunOne(LoadSession session, long measureFrom, long endAt, ref Exception? failure)
    {
        try
        {
            session.Run(measureFrom, endAt);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or InvalidDataException)
        {
            Interlocked.CompareExchange(ref failure, exception, null);
        }
    }

    private static void WaitUntil(long timestamp)
    {
        using ManualResetEventSlim never = new();
        long left = timestamp - Stopwatch.GetTimestamp();
        if (left > 0) never.Wait(TimeSpan.FromSeconds((double)left / Stopwatch.Frequency));
    }

    private static LoadResult Summarise(LoadSession[] sessions, Workload workload, double seconds, double processorSeconds, long? calls)
    {
        LatencyHistogram all = new();
        foreach (LoadSession session in sessions) all.Merge(session.Latencies);
        double iops = all.Count / seconds;
        return new LoadResult(
            iops,
            iops * workload.BlockBytes / 1e6,
            all.Microseconds(0.5),
            all.Microseconds(0.99),
            processorSeconds / seconds * 100,
            sessions.Sum(session => session.Errors),
            (double?)calls / all.Count);
    }
}
