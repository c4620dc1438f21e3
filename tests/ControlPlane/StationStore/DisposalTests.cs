using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;
using Xunit;

namespace VSan.Tests.ControlPlane.StationStore;

/// <summary>A store that is disposed of while somebody reads.</summary>
public sealed class DisposalTests : IDisposable
{
    private readonly DatabaseFile _file = new();
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _goOn = new(0);

    public void Dispose()
    {
        _file.Dispose();
        _entered.Dispose();
        _goOn.Dispose();
    }

    [Fact]
    public async Task Dispose_WhileSomebodyReads_LetsItEndAndNobodyElseIn()
    {
        SqliteStore store = SqliteStore.Open(_file.Path);
        await store.WriteAsync(transaction => transaction.Table<Host>().Insert(DatabaseFile.Host("h")), default);
        Task<int> reading = Task.Run(() => store.ReadAsync(Read, default));
        await _entered.WaitAsync();
        await store.DisposeAsync();
        _goOn.Release();
        Assert.Equal(1, await reading);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ReadAsync(_ => 0, default));
    }

    private int Read(IStationTransaction transaction)
    {
        _entered.Release();
        _goOn.Wait();
        return transaction.Table<Host>().Page(null, 9).Count;
    }
}
