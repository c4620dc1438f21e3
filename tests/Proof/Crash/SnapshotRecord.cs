using System.Buffers.Binary;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>
/// Group snapshots while hosts write. Each page is written to one volume and, when that was answered, to the other in the same version; so a group
/// that shares one moment never has a newer page in the second volume than in the first.
/// </summary>
internal sealed class SnapshotRecord
{
    private const int VolumeCount = 2;
    private const int WorkerCount = 4;
    private const int StepsPerWorker = 60;
    private const int GroupCount = 5;
    private const int PageBlocks = 4096 / CrashLedger.BlockBytes;

    // The part of each volume that is written: small enough that every snapshot of every state is read whole.
    private const int BlocksUsed = 1024;
    private readonly CrashLedger[] _ledgers;
    private readonly List<GroupSnapshot> _groups = [];
    private readonly int _seed;

    private SnapshotRecord(int seed)
    {
        _seed = seed;
        _ledgers = [.. Enumerable.Range(0, VolumeCount).Select(volume => new CrashLedger((uint)(seed + volume) & 0xff, DiskRecording.VolumeBytes / CrashLedger.BlockBytes))];
    }

    public static async Task<CrashRecord> RecordAsync(Scratch scratch, TestDirectory directory, int seed, string? sabotage)
    {
        SnapshotRecord record = new(seed);
        DiskRecording disk = await DiskRecording.RecordAsync(scratch, directory, sabotage, writeCache: true, record.WorkAsync, VolumeCount);
        return new CrashRecord(disk, record._ledgers.Sum(ledger => ledger.Changes), record.CompareAsync);
    }

    private async Task WorkAsync(RecordedServer recorded)
    {
        Task writing = Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(worker => WriteAsync(recorded, worker)));
        for (int number = 0; number < GroupCount; number++)
        {
            long goal = (long)WorkerCount * StepsPerWorker * (number + 1) / (GroupCount + 1);
            await Eventually.TrueAsync("the hosts write", () => writing.IsFaulted || _ledgers[1].Changes >= goal, TimeSpan.FromMinutes(2));
            await SnapshotAsync(recorded, number);
        }

        await writing;
    }

    private async Task WriteAsync(RecordedServer recorded, int worker)
    {
        await using IscsiSession first = await IscsiSession.LoginAsync(recorded.Setup.Access(0)), second = await IscsiSession.LoginAsync(recorded.Setup.Access(1));
        Random random = new(unchecked((_seed * 31) + worker));
        WorkloadRun[] runs = [.. new[] { first, second }.Select((session, volume) => new WorkloadRun(session, _ledgers[volume], random, writeCache: true, recorded.Position))];
        const int pages = BlocksUsed / PageBlocks / WorkerCount;
        for (int step = 0; step < StepsPerWorker; step++)
        {
            int block = ((worker * pages) + random.Next(pages)) * PageBlocks;
            uint version = _ledgers[0].NextVersion();
            foreach (WorkloadRun run in runs) await run.WriteVersionAsync(block, PageBlocks, version);
            if (random.Next(16) == 0) await runs[0].FlushAsync();
        }
    }

    private async Task SnapshotAsync(RecordedServer recorded, int number)
    {
        SnapshotRequest[] wanted = [.. recorded.Setup.Volumes.Select((volume, index) => new SnapshotRequest(volume.Id, Path.Combine(recorded.Folder, $"{number}-{index}.img")))];
        GroupSnapshot group = new([.. wanted.Select(each => each.Path)], [.. _ledgers.Select(ledger => ledger.LastAcknowledged())]);
        _groups.Add(group);
        ControlAnswer answer = await recorded.Server.AskAsync(new ControlRequest(ControlVerb.Snapshot, null) { Snapshots = wanted });
        int[][] end = [.. _ledgers.Select(ledger => ledger.Sent())];
        if (answer.Error is not null) throw new InvalidOperationException(answer.Error);
        group.Answer(recorded.Position(), end);
    }

    // The first volume as in every workload, and every file of every group that has its name.
    private async Task<CrashCount> CompareAsync(IscsiSession session, long cut, TextWriter fault)
    {
        CrashCount count = await WorkloadRecord.CompareAsync(_ledgers[0], session, cut, fault);
        foreach (GroupSnapshot group in _groups)
        {
            byte[]?[] files = [.. group.Paths.Select(Read)];
            if (group.AnsweredAt <= cut) count += await MissingAsync(group, files, fault);
            for (int volume = 0; volume < VolumeCount; volume++)
            {
                if (files[volume] is { } bytes) count += await CompareAsync(group, volume, bytes, fault);
            }

            if (files is [{ } first, { } second]) count += await CompareMomentsAsync(group, first, second, fault);
        }

        return count;
    }

    private static async Task<CrashCount> MissingAsync(GroupSnapshot group, byte[]?[] files, TextWriter fault)
    {
        int missing = files.Count(file => file is null);
        if (missing > 0) await fault.WriteLineAsync($"{missing} files of the group of {group.Paths[0]} are missing");
        return new CrashCount(0, missing, 0, 0);
    }

    private async Task<CrashCount> CompareAsync(GroupSnapshot group, int volume, byte[] bytes, TextWriter fault)
    {
        CrashCount count = CrashCount.Zero;
        for (int block = 0; block < BlocksUsed; block++)
        {
            BlockVerdict verdict = group.Judge(_ledgers[volume], volume, BlockOf(bytes, block), block);
            if (verdict is BlockVerdict.Right) continue;
            if (count.Faults == 0) await fault.WriteLineAsync($"block {block} of {group.Paths[volume]} is {verdict}");
            count += verdict is BlockVerdict.Lost ? new CrashCount(0, 1, 0, 0) : new CrashCount(0, 0, 0, 1);
        }

        return count;
    }

    private static async Task<CrashCount> CompareMomentsAsync(GroupSnapshot group, byte[] first, byte[] second, TextWriter fault)
    {
        int apart = Enumerable.Range(0, BlocksUsed).Count(block => VersionOf(second, block) > VersionOf(first, block));
        if (apart > 0) await fault.WriteLineAsync($"{apart} blocks of {group.Paths[1]} are newer than those of {group.Paths[0]}, which were written before them");
        return new CrashCount(0, 0, 0, apart);
    }

    private static byte[]? Read(string path)
    {
        if (!File.Exists(path)) return null;
        byte[] bytes = new byte[BlocksUsed * CrashLedger.BlockBytes];
        using FileStream file = File.OpenRead(path);
        file.ReadExactly(bytes);
        return bytes;
    }

    private static ReadOnlySpan<byte> BlockOf(byte[] bytes, int block) => bytes.AsSpan(block * CrashLedger.BlockBytes, CrashLedger.BlockBytes);

    private static uint VersionOf(byte[] bytes, int block) => BinaryPrimitives.ReadUInt32LittleEndian(BlockOf(bytes, block));
}
