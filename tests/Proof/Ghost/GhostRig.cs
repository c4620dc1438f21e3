using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Ghost;

/// <summary>
/// Writes of a dead process. On a slow disk: write, kill the block server while most of it waits, start it again, log in, overwrite, wait, read.
/// From the login on the disk may not take another byte of the dead process's; the disk is watched below the product, as a queue that happens to be
/// in order would hide it from a reader. Every other lane has its volume on the bare disk. The negative control serves the volume without the drain barrier.
/// </summary>
internal static class GhostRig
{
    private const string Sabotage = "skip-drain-barrier";
    private const int LaneCount = 6;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(2);

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        int lanes = (int)Math.Min(LaneCount, options.Count);
        long left = options.Count;
        (long Late, long InFlight)[] found = await Task.WhenAll(Enumerable.Range(0, lanes).Select(LaneAsync));
        long late = found.Sum(lane => lane.Late);
        foreach (IGrouping<bool, (long Late, long InFlight)> place in found.Index().GroupBy(lane => IsOnDevice(lane.Index), lane => lane.Item))
        {
            string where = place.Key ? "on a bare disk" : "in a file";
            await log.WriteLineAsync($"{where}: {place.Sum(lane => lane.InFlight)} writes had not reached the disk when their process died, {place.Sum(lane => lane.Late)} came late");
        }

        return new Verdict($"{options.Count} rounds, {late} late old writes, {late} lost", late);

        async Task<(long Late, long InFlight)> LaneAsync(int lane)
        {
            using TestDirectory directory = TestDirectory.For($"Ghost.{lane}");
            Generations generations = new(options.Seed, lane);
            await using SlowVolume volume = await SlowVolume.CreateAsync(directory, options.Break ? Sabotage : null, generations.Next(), IsOnDevice(lane));
            long lateOnes = 0, inFlight = 0;
            while (Interlocked.Decrement(ref left) >= 0)
            {
                ulong dead = generations.Next();
                inFlight += await KillWhileWritingAsync(volume, dead);
                lateOnes += await OverwriteAsync(volume, dead, generations.Next());
            }

            return (lateOnes, inFlight);
        }
    }

    private static bool IsOnDevice(int lane) => lane % 2 == 1;

    /// <returns>Writes that had not reached the disk when their process was gone.</returns>
    private static async Task<int> KillWhileWritingAsync(SlowVolume volume, ulong generation)
    {
        await using IscsiSession session = await IscsiSession.LoginAsync(volume.Access);
        await session.ExecuteAsync(ScsiCommand.TestUnitReady());
        await volume.SlowDownAsync();
        for (int page = 0; page < SlowVolume.PageCount; page++) _ = await SlowVolume.StartWriteAsync(session, page, generation);
        await Eventually.TrueAsync("the first write is on the disk", () => volume.LookAtDisk().Contains(generation));
        await volume.Server.Process.KillAsync();
        int inFlight = volume.LookAtDisk().Count(found => found != generation);
        await volume.Server.RestartAfterKillAsync();
        return inFlight;
    }

    /// <returns>Pages that took the dead process's data after the login, or hold it in the end.</returns>
    private static async Task<long> OverwriteAsync(SlowVolume volume, ulong dead, ulong generation)
    {
        await using IscsiSession session = await IscsiSession.LoginAsync(volume.Access);
        ulong[] atLogin = volume.LookAtDisk();
        Task overwriting = SlowVolume.WriteAllAsync(session, generation);
        bool[] late = new bool[SlowVolume.PageCount];
        while (!overwriting.IsCompleted)
        {
            Note(volume.LookAtDisk());
            await Task.Delay(LookAgain);
        }

        await overwriting;
        await volume.DrainAsync();
        ulong[] found = await SlowVolume.ReadAllAsync(session);
        for (int page = 0; page < found.Length; page++) late[page] |= found[page] != generation;
        return late.Count(one => one);

        void Note(ulong[] now)
        {
            for (int page = 0; page < now.Length; page++) late[page] |= now[page] == dead && atLogin[page] != dead;
        }
    }
}
