using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution.Operations;

/// <summary>The station dies before or after each of its commits; the next one, on the same file, ends the operation exactly once.</summary>
public sealed class CrashTests : IDisposable
{
    private const int CommitsMax = 48;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-crash-");

    public static TheoryData<string, bool> Deaths
    {
        get
        {
            TheoryData<string, bool> deaths = [];
            foreach (string kind in OperationCatalog.Kinds)
            {
                deaths.Add(kind, false);
                deaths.Add(kind, true);
            }

            return deaths;
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Operation_StationDiesAtEachCommit_EndsExactlyOnce(string kind, bool afterCommit)
    {
        int died = 0;
        for (int commit = 1; commit <= CommitsMax; commit++)
        {
            if (!await DieAndGoOnAsync(OperationSample.Of(kind), commit, afterCommit)) break;
            died++;
        }

        Assert.InRange(died, 4, CommitsMax - 1);
    }

    private async Task<bool> DieAndGoOnAsync(OperationSample sample, int commit, bool afterCommit)
    {
        string path = Path.Combine(_directory.FullName, $"{commit}.db");
        bool died;
        SampleWorld world;
        await using (MortalStore store = new(SqliteStore.Open(path)))
        {
            world = new SampleWorld(new SimulatedStation(store));
            using CancellationTokenSource end = new();
            Task running = world.Services.RunAsync(end.Token);
            await world.PrepareAsync();
            await sample.PrepareAsync(world);
            store.DieAt(commit, afterCommit);
            Guid? operation = await TryAskAsync(world, sample);
            if (operation is { } id) await Task.WhenAny(store.Death, world.EndedAsync(id));
            died = store.Death.IsCompleted;
            await end.CancelAsync();
            await running.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await using SqliteStore again = SqliteStore.Open(path);
        world = world.After(new SimulatedStation(again, before: world.Station));
        using CancellationTokenSource ending = new();
        Task going = world.Services.RunAsync(ending.Token);
        await world.ConnectAsync();
        if (await TryAskAsync(world, sample) is { } asked) await world.EndedAsync(asked);
        Operation ended = Assert.Single((await world.Services.Operations.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items, one => one.Kind == sample.Kind);
        Assert.Equal((OperationState.Succeeded, 100), (ended.State, ended.Percent));
        Assert.Equal(sample.Done, await world.LookAsync());
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => going);
        return died;
    }

    // Null when the station died over it, or when nothing is left to ask for.
    private static async Task<Guid?> TryAskAsync(SampleWorld world, OperationSample sample)
    {
        try
        {
            return await sample.AskAsync(world);
        }
        catch (Exception error) when (error is IOException or ProblemException { Code: "not-found" })
        {
            return null;
        }
    }
}
