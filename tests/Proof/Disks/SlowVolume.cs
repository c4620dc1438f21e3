using System.Buffers.Binary;
using VSan.IscsiInitiator;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Disks;

/// <summary>
/// A volume of a few pages on a <see cref="SlowStore"/>, in a file or on the bare disk, behind a block server. Each page holds one word, its generation, over and over; the
/// generation can be asked of the product and of the disk below it.
/// </summary>
internal sealed class SlowVolume : IAsyncDisposable
{
    public const int PageCount = 16;
    public const int WritesPerSecond = 20;
    private const int PageBytes = 4096;
    private const int PageBlocks = 8;

    // Apart, so that the kernel joins no two writes to one.
    private const int PageDistanceBytes = 2 * PageBytes;
    private const int PageDistanceBlocks = 2 * PageBlocks;
    private readonly SlowStore _store;
    private readonly BlockServerSetup _setup;
    private readonly FileStream _disk;
    private readonly long[] _places = new long[PageCount];

    private SlowVolume(SlowStore store, BlockServerSetup setup, BlockServerUnderTest server)
    {
        (_store, _setup, Server) = (store, setup, server);
        _disk = store.OpenDisk();
    }

    public BlockServerUnderTest Server { get; }

    public HostAccess Access => _setup.Access();

    /// <summary>Makes everything, with each page written once, as generation <paramref name="generation"/>.</summary>
    public static async Task<SlowVolume> CreateAsync(TestDirectory directory, string? sabotage, ulong generation, bool onDevice = false)
    {
        SlowStore store = await SlowStore.CreateAsync(directory, bare: onDevice);
        BlockServerSetup setup = new(directory) { VolumeFolder = store.Folder };
        _ = onDevice ? setup.WithDevice(store.Device, PageCount * PageDistanceBytes) : setup.WithVolume(PageCount * PageDistanceBytes);
        BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Sabotage = sabotage });
        await server.ApplyAsync(setup.Next());
        SlowVolume volume = new(store, setup, server);
        await using IscsiSession session = await IscsiSession.LoginAsync(volume.Access);
        await WriteAllAsync(session, generation);
        await store.DrainAsync();
        FileExtents? extents = onDevice ? null : new(setup.Volumes[0].Path!);
        for (int page = 0; page < PageCount; page++) volume._places[page] = extents?.Locate(page * PageDistanceBytes) ?? page * PageDistanceBytes;
        return volume;
    }

    public Task SlowDownAsync() => _store.SlowDownAsync(WritesPerSecond);

    /// <summary>Lets everything that waits reach the disk.</summary>
    public Task DrainAsync() => _store.DrainAsync();

    /// <summary>Sends a write of one page and does not wait.</summary>
    public static Task<StartedCommand> StartWriteAsync(IscsiSession session, int page, ulong generation)
    {
        byte[] data = new byte[PageBytes];
        for (int i = 0; i < PageBytes; i += sizeof(ulong)) BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(i), generation);
        return session.StartAsync(ScsiCommand.Write((ulong)(page * PageDistanceBlocks), PageBlocks), 0, data);
    }

    /// <summary>Writes every page and waits for the answers.</summary>
    public static async Task WriteAllAsync(IscsiSession session, ulong generation)
    {
        await session.ExecuteAsync(ScsiCommand.TestUnitReady());
        List<StartedCommand> started = [];
        for (int page = 0; page < PageCount; page++) started.Add(await StartWriteAsync(session, page, generation));
        foreach (StartedCommand command in started)
        {
            ScsiResult result = await command.Result;
            if (result.Status != ScsiResult.Good) throw new InvalidOperationException($"WRITE ended with {result}.");
        }
    }

    /// <summary>The generation of each page as the product reads it.</summary>
    public static async Task<ulong[]> ReadAllAsync(IscsiSession session)
    {
        ScsiResult result = await session.ExecuteAsync(ScsiCommand.Read(0, PageCount * PageDistanceBlocks), PageCount * PageDistanceBytes);
        if (result.Status != ScsiResult.Good) throw new InvalidOperationException($"READ ended with {result}.");
        return [.. Enumerable.Range(0, PageCount).Select(page => BinaryPrimitives.ReadUInt64LittleEndian(result.Data.AsSpan(page * PageDistanceBytes)))];
    }

    /// <summary>The generation of each page as the disk has it now.</summary>
    public ulong[] LookAtDisk()
    {
        ulong[] found = new ulong[PageCount];
        byte[] word = new byte[sizeof(ulong)];
        for (int page = 0; page < PageCount; page++)
        {
            RandomAccess.Read(_disk.SafeFileHandle, word, _places[page]);
            found[page] = BinaryPrimitives.ReadUInt64LittleEndian(word);
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _disk.DisposeAsync();
        await _store.SlowDownAsync(0);
        await Server.DisposeAsync();
        await _store.DisposeAsync();
    }
}
