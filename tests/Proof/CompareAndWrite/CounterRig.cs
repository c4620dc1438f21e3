using System.Buffers.Binary;
using VSan.IscsiInitiator;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.CompareAndWrite;

/// <summary>
/// COMPARE AND WRITE as the only means to count: sixteen sessions over two portals and two rings raise a few counters, each by reading and
/// trying. A successful try that another one also won is a lost increment. The negative control leaves out the gate that makes the command atomic.
/// </summary>
internal static class CounterRig
{
    private const string Sabotage = "skip-write-gate";
    private const int SessionCount = 16;
    private const int CounterCount = 4;
    private const int RingCount = 2;
    private const int BlockBytes = 512;

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        using TestDirectory directory = TestDirectory.For("Counter");
        BlockServerSetup setup = new BlockServerSetup(directory) { MorePortals = [Loopback.Free(lastByte: 2)] }.WithVolume();
        BlockServerStart start = new() { Rings = RingCount, Sabotage = options.Break ? Sabotage : null };
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: start);
        await server.ApplyAsync(setup.Next());
        long left = options.Count, tries = 0;
        long[] won = new long[CounterCount];
        HostAccess[] ways = [setup.Access(), setup.Access() with { Portal = setup.MorePortals[0] }];
        await Task.WhenAll(Enumerable.Range(0, SessionCount).Select(session => Task.Run(() => CountAsync(ways[session % ways.Length], session))));

        await using IscsiSession reader = await IscsiSession.LoginAsync(ways[0]);
        long lost = 0;
        for (int counter = 0; counter < CounterCount; counter++)
        {
            long found = ValueOf(await ReadAsync(reader, counter));
            lost += Math.Abs(won[counter] - found);
            await log.WriteLineAsync($"  counter {counter}: {won[counter]} increments acknowledged, {found} found");
        }

        return new Verdict($"{won.Sum()} increments, {SessionCount} sessions, {ways.Length} portals, {tries} tries, {lost} lost", lost);

        async Task CountAsync(HostAccess access, int session)
        {
            Random random = new(unchecked((options.Seed * 31) + session));
            await using IscsiSession own = await IscsiSession.LoginAsync(access);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                int counter = random.Next(CounterCount);
                while (!await TryIncrementAsync(own, counter)) Interlocked.Increment(ref tries);
                Interlocked.Increment(ref won[counter]);
            }
        }
    }

    private static async Task<bool> TryIncrementAsync(IscsiSession session, int counter)
    {
        byte[] old = await ReadAsync(session, counter);
        byte[] raised = new byte[BlockBytes];
        BinaryPrimitives.WriteInt64LittleEndian(raised, ValueOf(old) + 1);
        ScsiResult result = await session.ExecuteAsync(ScsiCommand.CompareAndWrite((ulong)counter, 1), 0, (byte[])[.. old, .. raised]);
        if (result.SenseKey == ScsiResult.Miscompare) return false;
        return result.Status == ScsiResult.Good ? true : throw new InvalidOperationException($"COMPARE AND WRITE ended with {result}.");
    }

    private static async Task<byte[]> ReadAsync(IscsiSession session, int counter)
    {
        ScsiResult result = await session.ExecuteAsync(ScsiCommand.Read((ulong)counter, 1), BlockBytes);
        return result.Status == ScsiResult.Good ? result.Data : throw new InvalidOperationException($"READ ended with {result}.");
    }

    private static long ValueOf(byte[] block) => BinaryPrimitives.ReadInt64LittleEndian(block);
}
