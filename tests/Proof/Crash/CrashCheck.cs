using System.Net.Sockets;
using VSan.Tests.Harness;
using VSan.Tests.Harness.Iscsi;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>Brings one state of a recorded disk up again: mount, start the product, log in, read everything, compare with the ledger.</summary>
internal sealed class CrashCheck(CrashRecording recording, Scratch scratch, TestDirectory directory, string? sabotage)
{
    private const int BlocksPerRead = 512;

    public async Task<CrashCount> CheckAsync(CrashState state, StateDisk disk, TextWriter log)
    {
        string image = scratch.File("state.raw");
        await disk.BuildAsync(state, image);
        XfsMount? mounted = await XfsMount.TryMountImageAsync(image, scratch.Folder(CrashRecording.StoreFolder));
        if (mounted is null)
        {
            await log.WriteLineAsync($"  {state}: the filesystem cannot be mounted");
            return new CrashCount(1, 0, 1, 0);
        }

        await using XfsMount mount = mounted;
        BlockServerStart start = new() { Sabotage = sabotage, StateFolder = Path.Combine(mount.Folder, CrashRecording.StateFolder) };
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, "state", start);
        try
        {
            await using IscsiSession session = await IscsiSession.LoginAsync(recording.Access);
            return await CompareAsync(session, state, log);
        }
        catch (Exception error) when (error is SocketException or LoginRefusedException)
        {
            await log.WriteLineAsync($"  {state}: the volume is not served: {error.Message}");
            return new CrashCount(1, recording.Ledger.BlockCount, 0, 0);
        }
    }

    private async Task<CrashCount> CompareAsync(IscsiSession session, CrashState state, TextWriter log)
    {
        long cut = recording.Entries[state.Cut - 1].End;
        CrashCount count = CrashCount.Zero with { States = 1 };
        for (int first = 0; first < recording.Ledger.BlockCount; first += BlocksPerRead)
        {
            ScsiResult result = await session.ExecuteAsync(ScsiCommand.Read((ulong)first, BlocksPerRead), BlocksPerRead * CrashLedger.BlockBytes);
            if (result.Status != ScsiResult.Good)
            {
                await log.WriteLineAsync($"  {state}: reading {first}+{BlocksPerRead} ended with {result}");
                count += new CrashCount(0, BlocksPerRead, 0, 0);
                continue;
            }

            for (int i = 0; i < BlocksPerRead; i++)
            {
                BlockVerdict verdict = recording.Ledger.Judge(result.Data.AsSpan(i * CrashLedger.BlockBytes, CrashLedger.BlockBytes), first + i, cut);
                if (verdict is BlockVerdict.Right) continue;
                if (count.Faults == 0) await log.WriteLineAsync($"  {state}: block {first + i} is {verdict}");
                count += verdict is BlockVerdict.Lost ? new CrashCount(0, 1, 0, 0) : new CrashCount(0, 0, 0, 1);
            }
        }

        return count;
    }
}
