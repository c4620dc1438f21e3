using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VSan.Contracts.BlockServer;

namespace VSan.Tests.Bench;

/// <summary>What the server costs while it does nothing, and how soon it is there.</summary>
internal static class Footprint
{
    private const int Volumes = 1000;
    private const int Sessions = 400;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly Workload Idle = new("idle", 4096, Sessions: 1, Depth: 1, ReadPercent: 100, Sequential: false);

    /// <summary>Measures one server; the volumes are sparse files in a folder of their own.</summary>
    public static IReadOnlyList<Figure> Measure(string binary, string folder, int rounds)
    {
        IPEndPoint portal = new(IPAddress.Loopback, FreePort());
        StoreConfiguration(binary, folder, portal);
        TargetAddress address = new(portal, VsanServer.TargetName("v1"), 0);
        double[] starts = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            using VsanServer server = new(binary, "uring", folder, "footprint");
            using LoadSession first = LogInWhenUp(address);
            starts[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (round == rounds - 1) return [new($"start to first login with {Volumes} volumes, median of {rounds}", Median(starts), "ms"), .. WithSessions(server, address)];
        }

        return [];
    }

    private static IEnumerable<Figure> WithSessions(VsanServer server, TargetAddress address)
    {
        long before = ResidentBytes(server.ProcessId);
        List<LoadSession> sessions = [];
        try
        {
            for (int index = 1; index <= Sessions; index++) sessions.Add(new LoadSession(address, Idle, index));
            double each = (ResidentBytes(server.ProcessId) - before) / (double)Sessions / 1024;
            double processor = ProcessorTime.Seconds(server.ProcessId);
            using ManualResetEventSlim never = new();
            never.Wait(IdleTime);
            double busy = (ProcessorTime.Seconds(server.ProcessId) - processor) / IdleTime.TotalSeconds * 100;
            return
            [
                new($"resident with {Volumes} volumes, no session", before / 1048576.0, "MiB"),
                new($"resident for each of {Sessions} idle sessions", each, "KiB"),
                new($"CPU with {Sessions} idle sessions, 100 is one core", busy, "%"),
            ];
        }
        finally
        {
            foreach (LoadSession session in sessions) session.Dispose();
        }
    }

    private static void StoreConfiguration(string binary, string folder, IPEndPoint portal)
    {
        string files = Directory.CreateDirectory(Path.Combine(folder, "footprint")).FullName;
        VolumeConfiguration[] volumes = [.. Enumerable.Range(1, Volumes).Select(number => VsanServer.Volume(number, VolumeKind.File, Sparse(files, number), 1 << 30))];
        using VsanServer server = new(binary, "uring", folder, "footprint");
        long generation = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        server.Apply(new(generation, [$"{portal}"], volumes, [.. volumes.Select((volume, index) => VsanServer.Target($"v{index + 1}", volume))]));
    }

    private static string Sparse(string folder, int number)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number}.img"));
        using FileStream file = new(path, FileMode.OpenOrCreate);
        file.SetLength(1 << 30);
        return path;
    }

    private static LoadSession LogInWhenUp(TargetAddress address)
    {
        using ManualResetEventSlim never = new();
        for (int attempts = 0; ; attempts++)
        {
            try
            {
                return new LoadSession(address, Idle, 0);
            }
            catch (Exception error) when (error is SocketException or IOException or InvalidDataException && attempts < 10_000)
            {
                never.Wait(1);
            }
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static long ResidentBytes(int processId)
    {
        using Process process = Process.GetProcessById(processId);
        return process.WorkingSet64;
    }

    private static double Median(double[] values) => values.Order().ElementAt((values.Length - 1) / 2);

    /// <summary>One figure.</summary>
    /// <param name="What">Of what, in words.</param>
    /// <param name="Value">In <paramref name="Unit"/>.</param>
    /// <param name="Unit">Unit.</param>
    internal sealed record Figure(string What, double Value, string Unit);
}
