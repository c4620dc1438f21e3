using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Abort;

/// <summary>
/// Commands that are ended. On a slow disk: send writes, end them by ABORT TASK, by LOGICAL UNIT RESET, or by a session that takes the place of
/// theirs; once that is answered, the disk below may not change any more. The negative control answers at once.
/// </summary>
internal static class AbortRig
{
    private const string Sabotage = "answer-abort-at-once";
    private const int LaneCount = 6;
    private const uint Isid = 1;

    private enum Means
    {
        AbortTask,
        LogicalUnitReset,
        Reinstatement,
    }

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        int lanes = (int)Math.Min(LaneCount, options.Count);
        long left = options.Count;
        long[] late = new long[Enum.GetValues<Means>().Length];
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(LaneAsync));
        foreach (Means means in Enum.GetValues<Means>()) await log.WriteLineAsync($"  {means}: {late[(int)means]} late writes");
        return new Verdict($"{options.Count} rounds, {late.Sum()} late writes, {late.Sum()} lost", late.Sum());

        async Task LaneAsync(int lane)
        {
            using TestDirectory directory = TestDirectory.For($"Abort.{lane}");
            Generations generations = new(options.Seed, lane);
            await using SlowVolume volume = await SlowVolume.CreateAsync(directory, options.Break ? Sabotage : null, generations.Next());
            for (long round = Interlocked.Decrement(ref left); round >= 0; round = Interlocked.Decrement(ref left))
            {
                Means means = (Means)(round % late.Length);
                long found = await RoundAsync(volume, means, generations.Next());
                Interlocked.Add(ref late[(int)means], found);
            }
        }
    }

    /// <returns>Pages that changed after the answer.</returns>
    private static async Task<int> RoundAsync(SlowVolume volume, Means means, ulong generation)
    {
        HostAccess access = volume.Access with { Isid = Isid };
        await using IscsiSession session = await IscsiSession.LoginAsync(access);
        await session.ExecuteAsync(ScsiCommand.TestUnitReady());
        await volume.SlowDownAsync();
        List<StartedCommand> started = [];
        for (int page = 0; page < SlowVolume.PageCount; page++) started.Add(await SlowVolume.StartWriteAsync(session, page, generation));
        await Eventually.TrueAsync("the first write is on the disk", () => volume.LookAtDisk().Contains(generation));
        ulong[] atAnswer = await EndAsync(volume, session, access, started, means);
        await volume.DrainAsync();
        ulong[] later = volume.LookAtDisk();
        return atAnswer.Zip(later).Count(page => page.First != page.Second);
    }

    /// <returns>The disk as it was when the answer came.</returns>
    private static Task<ulong[]> EndAsync(SlowVolume volume, IscsiSession session, HostAccess access, List<StartedCommand> started, Means means) => means switch
    {
        Means.AbortTask => AbortEachAsync(volume, session, started),
        Means.LogicalUnitReset => ResetAsync(volume, session),
        Means.Reinstatement => ReplaceAsync(volume, access),
    };

    private static async Task<ulong[]> AbortEachAsync(SlowVolume volume, IscsiSession session, List<StartedCommand> started)
    {
        await Task.WhenAll(started.Select(command => session.ManageTasksAsync(TaskFunction.AbortTask, command.Tag)));
        return volume.LookAtDisk();
    }

    private static async Task<ulong[]> ResetAsync(SlowVolume volume, IscsiSession session)
    {
        byte response = await session.ManageTasksAsync(TaskFunction.LogicalUnitReset);
        return response == 0 ? volume.LookAtDisk() : throw new InvalidOperationException($"LOGICAL UNIT RESET was answered {response}.");
    }

    private static async Task<ulong[]> ReplaceAsync(SlowVolume volume, HostAccess access)
    {
        await using IscsiSession successor = await IscsiSession.LoginAsync(access);
        return volume.LookAtDisk();
    }
}
