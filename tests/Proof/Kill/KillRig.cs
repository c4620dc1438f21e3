using System.Diagnostics;
using System.Net.Sockets;
using VSan.IscsiInitiator;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Kill;

/// <summary>
/// The block server is killed under load, again and again; after each restart everything that was acknowledged has to be there. The time from
/// the start of the process to a login that it accepts is printed. The negative control keeps writes in the memory of the process.
/// </summary>
internal static class KillRig
{
    private const string Sabotage = "keep-in-memory";
    private const int LoadCount = 8;
    private const int QueueDepth = 8;
    private const int VolumeBytes = 4 << 20;
    private const int CommandsPerRound = 200;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(2);

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        using TestDirectory directory = TestDirectory.For("Kill");
        BlockServerSetup setup = new(directory);
        for (int i = 0; i < options.Volumes; i++) setup.WithVolume(VolumeBytes);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Sabotage = options.Break ? Sabotage : null });
        await server.ApplyAsync(setup.Next());
        int count = Math.Min(LoadCount, options.Volumes);
        VerifiedLoad[] loads = [.. Enumerable.Range(0, count).Select(i =>
            VerifiedLoad.Start(setup.Access(options.Volumes * i / count), unchecked(options.Seed + i), QueueDepth))];
        List<TimeSpan> logins = [];
        long lost = 0, acknowledged = 0;
        for (long round = 0; round < options.Count && lost == 0; round++)
        {
            await Task.WhenAll(loads.Select(load => load.ProgressAsync(CommandsPerRound)));
            await server.Process.KillAsync();
            await server.Process.DisposeAsync();
            Task<TimeSpan> login = TimeLoginAsync(setup.Access());
            await server.StartAgainAsync();
            logins.Add(await login);
            lost += await CountLostAsync(loads, log);
            foreach (VerifiedLoad load in loads) load.Resume();
        }

        acknowledged = loads.Sum(load => load.Operations);
        foreach (VerifiedLoad load in loads) await load.DisposeAsync();
        logins.Sort();
        await log.WriteLineAsync($"login after the kill, {options.Volumes} volumes: p50 {At(logins, 0.5):F0} ms, p99 {At(logins, 0.99):F0} ms");
        return new Verdict($"{logins.Count} rounds, {options.Volumes} volumes, {acknowledged} commands, {lost} lost", lost);
    }

    private static async Task<TimeSpan> TimeLoginAsync(HostAccess access)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using IscsiSession session = await IscsiSession.LoginAsync(access);
                return Stopwatch.GetElapsedTime(start);
            }
            catch (Exception error) when (error is SocketException or IOException && Stopwatch.GetElapsedTime(start) < Eventually.Patience)
            {
                await Task.Delay(LookAgain);
            }
        }
    }

    /// <summary>Quiets the loads, which repeat what the kill cut off, and reads every chunk that was ever acknowledged.</summary>
    private static async Task<long> CountLostAsync(VerifiedLoad[] loads, TextWriter log)
    {
        long lost = 0;
        foreach (VerifiedLoad load in loads)
        {
            await load.StopAsync();
            lost += await load.CountLostAsync();
            foreach (string failure in load.Failures)
            {
                await log.WriteLineAsync($"  {failure}");
                lost++;
            }
        }

        return lost;
    }

    private static double At(List<TimeSpan> sorted, double part) => sorted.Count == 0 ? 0 : sorted[(int)Math.Ceiling(part * sorted.Count) - 1].TotalMilliseconds;
}
