using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.ControlPlane.StationStore;

/// <summary>A disk that is full, for real: a file system of two megabytes in memory. Needs root, to mount it.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("vsan-full-");

    private string Database => Path.Combine(_mount.FullName, "station.db");

    private string Ballast => Path.Combine(_mount.FullName, "ballast");

    public async Task InitializeAsync()
    {
        Assert.True(Environment.IsPrivilegedProcess, "Only root may mount a file system: run this test as root.");
        (await ToolRun.RunAsync("mount", ["-t", "tmpfs", "-o", "size=3m", "vsan-test", _mount.FullName])).Succeeded();
    }

    public async Task DisposeAsync()
    {
        (await ToolRun.RunAsync("umount", [_mount.FullName])).Succeeded();
        _mount.Delete();
    }

    [Fact]
    public async Task Write_DiskFull_IsRefusedWhileReadsGoOnAndSucceedsOnceThereIsSpace()
    {
        await using SqliteStore store = SqliteStore.Open(Database);
        Host first = await store.WriteAsync(tx => tx.Table<Host>().Insert(DatabaseFile.Host("first")), default);
        Fill();
        StoreFullException refusal = await Assert.ThrowsAsync<StoreFullException>(() => WriteUntilRefusedAsync(store));
        Assert.Contains("space", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(first, await store.ReadAsync(tx => tx.Table<Host>().Find(first.Id), default));
        int kept = await store.ReadAsync(tx => tx.Table<Host>().Count, default);

        File.Delete(Ballast);
        await store.WriteAsync(tx => tx.Table<Host>().Insert(DatabaseFile.Host("after")), default);
        Assert.Equal(kept + 1, await store.ReadAsync(tx => tx.Table<Host>().Count, default));
        Assert.Empty(StoreInspection.Of(Database).Faults);
    }

    [Fact]
    public async Task Station_DiskFull_AnswersStationFullAndGoesOnByItself()
    {
        await using SqliteStore store = SqliteStore.Open(Database);
        Execution.SimulatedStation station = new(store);
        using CancellationTokenSource ending = new();
        Task running = station.Services.RunAsync(ending.Token);
        await station.Services.Hosts.CreateAsync(Execution.SimulatedStation.Admin, new("before", "iqn.before"), null, default);
        Fill();
        ProblemException refusal = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            for (int index = 0; index < 10_000; index++)
                await station.Services.Hosts.CreateAsync(Execution.SimulatedStation.Admin, new($"h{index}", $"iqn.h{index}"), null, default);
        });
        Assert.Equal("station-full", refusal.Code);
        Assert.NotNull(refusal.NextAction);
        Assert.NotEmpty((await station.Services.Hosts.ListAsync(Execution.SimulatedStation.Admin, new ListQuery(), default)).Items);

        File.Delete(Ballast);
        await station.Services.Hosts.CreateAsync(Execution.SimulatedStation.Admin, new("after", "iqn.after"), null, default);
        Assert.False(running.IsCompleted);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private void Fill()
    {
        using FileStream ballast = File.Create(Ballast);
        byte[] block = new byte[4096];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            return; // Full.
        }
    }

    private static async Task WriteUntilRefusedAsync(SqliteStore store)
    {
        for (int index = 0; index < 10_000; index++) await store.WriteAsync(tx => tx.Table<Host>().Insert(DatabaseFile.Host($"h{index}")), default);
    }
}
