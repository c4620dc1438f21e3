using VSan.IscsiInitiator;

namespace VSan.Tests.Proof.Crash;

/// <summary>
/// What a workload does with its volume: commands that tell the ledger before they are sent and after they are answered. A worker owns its part
/// of the volume and waits for each of its commands.
/// </summary>
/// <param name="session">The initiator's session.</param>
/// <param name="ledger">Of the volume.</param>
/// <param name="random">This worker's chance.</param>
/// <param name="writeCache">False when the volume promises that every write is durable.</param>
/// <param name="position">Length of the disk's write log now.</param>
internal sealed class WorkloadRun(IscsiSession session, CrashLedger ledger, Random random, bool writeCache, Func<long> position)
{
    public Random Random => random;

    public int BlockCount => ledger.BlockCount;

    public Task WriteAsync(int block, int count, bool durable = false) => WriteVersionAsync(block, count, ledger.NextVersion(), durable);

    public Task WriteVersionAsync(int block, int count, uint version, bool durable = false)
    {
        byte[] cdb = durable ? ScsiCommand.WriteDurable((ulong)block, count) : ScsiCommand.Write((ulong)block, count);
        return ChangeAsync(block, count, version, cdb, ledger.Bytes(block, count, version), durable);
    }

    /// <summary>UNMAP, whose zeroes outlive a power loss from its answer on.</summary>
    public Task UnmapAsync(int block, int count) =>
        ChangeAsync(block, count, 0, ScsiCommand.Unmap(), ScsiCommand.UnmapList((ulong)block, count), durable: true);

    public Task WriteSameZeroesAsync(int block, int count) =>
        ChangeAsync(block, count, 0, ScsiCommand.WriteSameZeroes((ulong)block, count), null, durable: false);

    public async Task FlushAsync()
    {
        Change[] changes = ledger.Volatile();
        Require(await session.ExecuteAsync(ScsiCommand.SynchronizeCache()));
        ledger.Flushed(changes, position());
    }

    /// <summary>One try to count from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <returns>False when another was faster.</returns>
    public async Task<bool> TryCountAsync(int block, uint from, uint to, bool durable)
    {
        byte[] data = [.. ledger.Bytes(block, 1, from), .. ledger.Bytes(block, 1, to)];
        Change change = ledger.Begin(block, 1, to);
        ScsiResult result = await session.ExecuteAsync(ScsiCommand.CompareAndWrite((ulong)block, 1, durable), 0, data);
        if (result.SenseKey == ScsiResult.Miscompare)
        {
            ledger.Withdraw(change, block, 1);
            return false;
        }

        Require(result);
        ledger.Acknowledge(change, durable || !writeCache ? position() : null);
        return true;
    }

    private async Task ChangeAsync(int block, int count, uint version, byte[] cdb, byte[]? data, bool durable)
    {
        Change change = ledger.Begin(block, count, version);
        Require(await session.ExecuteAsync(cdb, 0, data));
        ledger.Acknowledge(change, durable || !writeCache ? position() : null);
    }

    private static void Require(ScsiResult result)
    {
        if (result.Status != ScsiResult.Good) throw new InvalidOperationException($"A command of the workload ended with {result}.");
    }
}
