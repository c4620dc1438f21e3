using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using VSan.Tests.Proof.Disks;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>A store that becomes full under its volumes: an XFS on a loop device, of which something else takes the last byte.</summary>
public sealed class FullStoreTests
{
    private const long StoreBytes = 320L << 20;
    private const long VolumeBytes = 32L << 20;
    private const int ChunkBlocks = 512;
    private const int ChunkBytes = ChunkBlocks * 512;
    private const int SpaceAllocationFailed = 0x072707;

    [Fact]
    public async Task ThinOnAFullStore_WritesAreDataProtect_ReadsGoOn_AndWritesReturnWithTheSpace()
    {
        (int refused, int wrong) = await FillAsync(TestDirectory.For(this), sabotage: null);
        Assert.InRange(refused, 1, int.MaxValue);
        Assert.Equal(0, wrong);
    }

    [Fact]
    public async Task ServerThatAcknowledgesWithoutSpace_IsSeen()
    {
        (int refused, int wrong) = await FillAsync(TestDirectory.For(this), "acknowledge-on-full-store");
        Assert.Equal(0, refused);
        Assert.InRange(wrong, 1, int.MaxValue);
    }

    [Fact]
    public async Task ThickOnAFullStore_TakesEveryWrite()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using XfsMount store = await StoreAsync(directory);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }.WithVolume(VolumeBytes, thin: false);
        await server.ApplyAsync(setup.Next());
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());
        TakeTheRest(store);
        foreach (byte pattern in (byte[])[1, 2])
        {
            for (int chunk = 0; chunk < VolumeBytes / ChunkBytes; chunk++)
                Assert.Equal(ScsiResult.Good, (await WriteAsync(session, chunk, pattern)).Status);
            ScsiResult zeroed = await session.ExecuteAsync(ScsiCommand.WriteSameZeroes(7, (int)(VolumeBytes / 512) - 14));
            Assert.Equal(ScsiResult.Good, zeroed.Status);
        }

        Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.SynchronizeCache())).Status);
        SnapshotRequest snapshot = new(setup.Volumes[0].Id, $"{store.Folder}/snapshot.img");
        ControlAnswer answer = await server.AskAsync(new ControlRequest(ControlVerb.Snapshot, null) { Snapshots = [snapshot] });
        Assert.Contains("is thick", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CloneServedThick_HasBlocksOfItsOwn_AndAThinOneHasNot()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using XfsMount store = await StoreAsync(directory);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }
            .WithVolume(VolumeBytes).WithVolume(VolumeBytes, thin: false).WithVolume(VolumeBytes);
        string[] paths = [.. setup.Volumes.Select(volume => volume.Path!)];
        await File.WriteAllBytesAsync(paths[0], new byte[VolumeBytes]);
        foreach (string clone in paths[1..]) (await ToolRun.RunAsync("cp", ["--reflink=always", paths[0], clone])).Succeeded();
        await server.ApplyAsync(setup.Next());
        TakeTheRest(store);
        await using IscsiSession thick = await IscsiSession.LoginAsync(setup.Access(1));
        for (int chunk = 0; chunk < VolumeBytes / ChunkBytes; chunk++) Assert.Equal(ScsiResult.Good, (await WriteAsync(thick, chunk, 3)).Status);

        // The control: the clone that stayed thin shares its blocks still.
        await using IscsiSession thin = await IscsiSession.LoginAsync(setup.Access(2));
        Assert.Equal(SpaceAllocationFailed, (await WriteAsync(thin, 0, 3)).SenseCode);
    }

    // Writes until nothing more is taken, reads all that was, frees the space, writes and reads again.
    private static async Task<(int Refused, int Wrong)> FillAsync(TestDirectory directory, string? sabotage)
    {
        using TestDirectory folder = directory;
        await using XfsMount store = await StoreAsync(directory);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Sabotage = sabotage });
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }.WithVolume(VolumeBytes);
        await server.ApplyAsync(setup.Next());
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());
        bool[] taken = new bool[VolumeBytes / ChunkBytes];
        taken[0] = (await WriteAsync(session, 0, 1)).Status == ScsiResult.Good;
        string filler = TakeTheRest(store);
        int refused = 0;
        for (int chunk = 1; chunk < taken.Length; chunk++)
        {
            ScsiResult result = await WriteAsync(session, chunk, 1);
            taken[chunk] = result.Status == ScsiResult.Good;
            if (taken[chunk]) continue;
            Assert.Equal(SpaceAllocationFailed, result.SenseCode);
            refused++;
        }

        int wrong = await CountWrongAsync(session, taken, 1);
        Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.SynchronizeCache())).Status);
        Assert.Equal("serving", (await server.InspectAsync()).Volumes[0].State);
        File.Delete(filler);
        for (int chunk = 1; chunk < taken.Length; chunk++) Assert.Equal(ScsiResult.Good, (await WriteAsync(session, chunk, 2)).Status);
        Array.Fill(taken, true, 1, taken.Length - 1);
        taken[0] = false;
        return (refused, wrong + await CountWrongAsync(session, taken, 2));
    }

    private static Task<ScsiResult> WriteAsync(IscsiSession session, int chunk, byte pattern)
    {
        byte[] data = new byte[ChunkBytes];
        Array.Fill(data, pattern);
        return session.ExecuteAsync(ScsiCommand.Write((ulong)chunk * ChunkBlocks, ChunkBlocks), 0, data);
    }

    private static async Task<int> CountWrongAsync(IscsiSession session, bool[] taken, byte pattern)
    {
        int wrong = 0;
        for (int chunk = 0; chunk < taken.Length; chunk++)
        {
            ScsiResult read = await session.ExecuteAsync(ScsiCommand.Read((ulong)chunk * ChunkBlocks, ChunkBlocks), ChunkBytes);
            Assert.Equal(ScsiResult.Good, read.Status);
            if (taken[chunk] && read.Data.AsSpan().ContainsAnyExcept(pattern)) wrong++;
        }

        return wrong;
    }

    private static Task<XfsMount> StoreAsync(TestDirectory directory)
    {
        string image = directory.File("store.xfs");
        using (FileStream file = File.Create(image)) file.SetLength(StoreBytes);
        return XfsMount.CreateAsync(image, directory.Folder("store"));
    }

    // Somebody else's file, which grows until not a block is left.
    private static string TakeTheRest(XfsMount store)
    {
        string path = Path.Combine(store.Folder, "filler");
        byte[] piece = new byte[1 << 20];
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int length = piece.Length; length >= 4096;)
        {
            try
            {
                file.Write(piece.AsSpan(0, length));
            }
            catch (IOException)
            {
                length /= 2;
            }
        }

        return path;
    }
}
