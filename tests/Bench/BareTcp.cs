using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VSan.Tests.Bench;

/// <summary>
/// The ceiling of the loopback: two threads that pass bytes of the shape of iSCSI and do nothing else. A request is a header of 48 bytes, with the
/// block behind it where it is a write; the answer is a header, with the block where it is a read.
/// </summary>
internal static class BareTcp
{
    private const int HeaderBytes = 48;

    /// <summary>Runs the workload's shape; a mix counts as reads, digests as none.</summary>
    public static LoadResult Run(Workload workload, TimeSpan measured)
    {
        int requestBytes = HeaderBytes + (workload.ReadPercent == 0 ? workload.BlockBytes : 0);
        int answerBytes = HeaderBytes + (workload.ReadPercent == 0 ? 0 : workload.BlockBytes);
        LatencyHistogram[] latencies = [.. Enumerable.Range(0, workload.Sessions).Select(_ => new LatencyHistogram())];
        long endAt = Stopwatch.GetTimestamp() + (long)(measured.TotalSeconds * Stopwatch.Frequency);
        Thread[] threads = [.. latencies.SelectMany(each => Pair(workload, requestBytes, answerBytes, endAt, each))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        LatencyHistogram all = new();
        foreach (LatencyHistogram each in latencies) all.Merge(each);
        double iops = all.Count / measured.TotalSeconds;
        return new LoadResult(iops, iops * workload.BlockBytes / 1e6, all.Microseconds(0.5), all.Microseconds(0.99), TargetCpuPercent: null, Errors: 0);
    }

    private static Thread[] Pair(Workload workload, int requestBytes, int answerBytes, long endAt, LatencyHistogram latencies)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        Socket server = listener.Accept();
        server.NoDelay = true;
        return [new(() => Answer(server, requestBytes, answerBytes)), new(() => Ask(client, workload.Depth, requestBytes, answerBytes, endAt, latencies))];
    }

    private static void Answer(Socket socket, int requestBytes, int answerBytes)
    {
        using Socket owned = socket;
        byte[] received = new byte[1 << 20], answers = new byte[1 << 20];
        for (long pending = 0; owned.Receive(received) is var count and > 0;)
        {
            for (pending += count; pending >= requestBytes; pending -= requestBytes * (pending / requestBytes)) Send(owned, answers, pending / requestBytes * answerBytes);
        }
    }

    private static void Ask(Socket socket, int depth, int requestBytes, int answerBytes, long endAt, LatencyHistogram latencies)
    {
        using Socket owned = socket;
        byte[] received = new byte[1 << 20], requests = new byte[1 << 20];
        Queue<long> started = new(depth);
        long pending = 0;
        for (long now; (now = Stopwatch.GetTimestamp()) < endAt || started.Count > 0;)
        {
            int free = now < endAt ? depth - started.Count : 0;
            for (int i = 0; i < free; i++) started.Enqueue(now);
            Send(owned, requests, (long)free * requestBytes);
            pending += owned.Receive(received);
            for (long ended = Stopwatch.GetTimestamp(); pending >= answerBytes; pending -= answerBytes) latencies.Add(ended - started.Dequeue());
        }

        owned.Shutdown(SocketShutdown.Send);
    }

    private static void Send(Socket socket, byte[] bytes, long count)
    {
        for (; count > 0; count -= Math.Min(count, bytes.Length)) _ = socket.Send(bytes.AsSpan(0, (int)Math.Min(count, bytes.Length)));
    }
}
