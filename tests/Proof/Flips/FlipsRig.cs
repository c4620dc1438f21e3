using System.Diagnostics;
using VSan.IscsiInitiator;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Flips;

/// <summary>
/// A bad network. A verifying load goes through a proxy that flips bits, drops, delays, resets, falls silent or lets one byte a second through;
/// with CRC32C digests on headers and data no wrong byte may reach the ledger or the volume, and the session comes back. The time from a fault to the
/// next command that ends well is printed. The negative control has no digests in its first half, and ignores those of data in its second.
/// </summary>
internal static class FlipsRig
{
    private const string Sabotage = "ignore-data-digest";
    private const int QueueDepth = 4;
    private const int CommandsBetween = 20;
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(2);

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        if (!options.Break) return await RunAsync(options, digests: true, sabotage: null, log);
        ProofOptions half = options with { Count = (options.Count + 1) / 2 };
        Verdict without = await RunAsync(half, digests: false, sabotage: null, log);
        Verdict ignored = await RunAsync(half, digests: true, Sabotage, log);
        await log.WriteLineAsync($"  without digests: {without.Line}");
        await log.WriteLineAsync($"  data digests ignored: {ignored.Line}");
        return new Verdict($"{options.Count} rounds, {without.Faults} lost without digests, {ignored.Faults} lost with ignored ones", Math.Min(without.Faults, ignored.Faults));
    }

    private static async Task<Verdict> RunAsync(ProofOptions options, bool digests, string? sabotage, TextWriter log)
    {
        using TestDirectory directory = TestDirectory.For("Flips");
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Sabotage = sabotage });
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using FaultProxy proxy = new(setup.Portal, options.Seed);
        HostAccess access = setup.Access() with { Portal = proxy.Portal, Digests = digests };
        await using VerifiedLoad load = VerifiedLoad.Start(access, options.Seed, QueueDepth, patience: CommandPatience);
        Random random = new(options.Seed);
        List<TimeSpan> recoveries = [];
        long flips = 0;
        for (long round = 0; round < options.Count && load.Failures.IsEmpty; round++)
        {
            Fault fault = options.Break ? Fault.BitFlip : Choose(random);
            if (fault is Fault.BitFlip) flips++;
            await load.ProgressAsync(CommandsBetween);
            await proxy.StrikeAsync(fault, isOver: () => !load.Failures.IsEmpty);
            long start = Stopwatch.GetTimestamp();
            await load.ProgressAsync(CommandsBetween);
            recoveries.Add(Stopwatch.GetElapsedTime(start));
        }

        await load.StopAsync();
        long lost = load.Failures.Count;
        foreach (string failure in load.Failures) await log.WriteLineAsync($"  {failure}");
        lost += await load.CountLostAsync();
        await log.WriteLineAsync($"  back at work after a fault: at most {(recoveries.Count == 0 ? 0 : recoveries.Max().TotalSeconds):F2} s, {load.Reconnects} logins");
        return new Verdict($"{recoveries.Count} rounds, {flips} bit flips, {load.Operations} commands, {lost} lost", lost);
    }

    // Half of all are bit flips, as they are what only a digest sees.
    private static Fault Choose(Random random)
    {
        Fault[] all = Enum.GetValues<Fault>();
        return random.Next(2) == 0 ? Fault.BitFlip : all[random.Next(all.Length)];
    }
}
