using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Crash;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Reservations;

/// <summary>
/// Persistent reservations with APTPL (SPC-4, 5.12.5): half of the rounds kill the block server after some changes, and every one must be there;
/// the other half rebuild the disk as a power loss may have left it. The negative control answers before the reservations are on the disk.
/// </summary>
internal static class AptplRig
{
    private const string Sabotage = "skip-reservation-flush";
    private const int ChangesPerKill = 5;
    private const int ChangesPerRecording = 60;

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        string? sabotage = options.Break ? Sabotage : null;
        long kills = options.Count / 2;
        int states = (int)(options.Count - kills);
        long lostByKill = await KillAsync(kills, options.Seed, sabotage);
        CrashCount count = await LosePowerAsync(states, options.Seed, sabotage, log);
        await log.WriteLineAsync($"  {kills} kills: {lostByKill} lost; {states} power losses: {count}");
        return new Verdict($"{options.Count} rounds, {lostByKill + count.Faults} lost", lostByKill + count.Faults);
    }

    private static async Task<long> KillAsync(long rounds, int seed, string? sabotage)
    {
        using TestDirectory directory = TestDirectory.For("Aptpl.Kill");
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Sabotage = sabotage });
        await server.ApplyAsync(setup.Next());
        ReservationRun run = new(seed);
        long lost = 0;
        for (long round = 0; round < rounds; round++)
        {
            await run.ChangeAsync(setup.Access(), ChangesPerKill, () => 0);
            await server.RestartAfterKillAsync();
            await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());
            if (!run.IsRight(await PersistentReserve.ReadAsync(session), position: 0)) lost++;
        }

        return lost;
    }

    private static async Task<CrashCount> LosePowerAsync(int states, int seed, string? sabotage, TextWriter log)
    {
        using Scratch scratch = new();
        using TestDirectory directory = TestDirectory.For("Aptpl.Power");
        ReservationRun run = new(seed);
        DiskRecording disk = await DiskRecording.RecordAsync(
            scratch, directory, sabotage, writeCache: true, recorded => run.ChangeAsync(recorded.Setup.Access(), ChangesPerRecording, recorded.Position));
        return await new CrashCheck(disk, scratch, directory, sabotage, CompareAsync).RunAsync(states, seed, log);

        async Task<CrashCount> CompareAsync(IscsiSession session, long cut, TextWriter fault)
        {
            ReservationPicture found = await PersistentReserve.ReadAsync(session);
            if (run.IsRight(found, cut)) return CrashCount.Zero;
            await fault.WriteLineAsync($"{found} is older than promised");
            return new CrashCount(0, 1, 0, 0);
        }
    }
}
