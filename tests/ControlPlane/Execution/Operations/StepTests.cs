using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution.Operations;

/// <summary>Each step of each kind of operation is failed once, failed for good, and repeated; it comes out right each time.</summary>
public sealed class StepTests
{
    private const int AttemptsMax = 40;

    public static TheoryData<string> Kinds => [.. OperationCatalog.Kinds];

    [Fact]
    public void EveryKind_HasASample() => Assert.Equal(OperationCatalog.Kinds.Order(), OperationSample.All.Select(sample => sample.Kind).Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Operation_EachAttemptLostOnce_Succeeds(string kind)
    {
        int lost = 0;
        for (int attempt = 1; attempt < AttemptsMax; attempt++)
        {
            StepFaults faults = new();
            (OperationState state, bool done) = await RunAsync(kind, faults, () => faults.ThrowAt = faults.Calls + attempt);
            Assert.Equal((OperationState.Succeeded, true), (state, done));
            if (faults.Calls < faults.ThrowAt) break;
            lost++;
        }

        Assert.InRange(lost, 3, AttemptsMax - 2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Operation_EachStepRepeated_ChangesNothingMore(string kind) =>
        Assert.Equal((OperationState.Succeeded, true), await RunAsync(kind, new StepFaults { Repeat = true }, () => { }));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Operation_EachStepFailsForGood_IsUndoneOrWaitsForAPerson(string kind)
    {
        foreach (string step in OperationSample.Of(kind).OwnSteps ?? OperationCatalog.AllSteps(null!, null!, null!, null!).Select(step => step.Name))
        {
            foreach (bool repeat in (bool[])[false, true])
            {
                StepFaults faults = new() { Repeat = repeat };
                await using World world = await World.MakeAsync(faults, kind);
                string before = await world.Sample.LookAsync();
                faults.FailKind = step;
                Operation ended = await world.AskAsync();
                if (ended.State == OperationState.Failed)
                {
                    Assert.Equal((before, "Nothing stays."), (await world.Sample.LookAsync(), ended.Remains));
                    continue;
                }

                if (ended.State == OperationState.NeedsOperator)
                {
                    Assert.Equal(("internal", "Stop doing so."), (ended.Error!.Code, ended.Error.NextAction));
                    Assert.NotNull(ended.NotCancellable);
                    ProblemException refused = await Assert.ThrowsAsync<ProblemException>(() => world.Sample.Services.Operations.CancelAsync(SimulatedStation.Admin, ended.Id, default));
                    Assert.Contains(ended.NotCancellable, refused.Message, StringComparison.Ordinal);
                    faults.FailKind = null;
                    await world.RetryAsync(ended.Id);
                    ended = await world.Sample.EndedAsync(ended.Id);
                }

                Assert.Equal(OperationState.Succeeded, ended.State);
                Assert.Equal(OperationSample.Of(kind).Done, await world.Sample.LookAsync());
            }
        }
    }

    private static async Task<(OperationState State, bool Done)> RunAsync(string kind, StepFaults faults, Action arm)
    {
        await using World world = await World.MakeAsync(faults, kind);
        arm();
        Operation ended = await world.AskAsync();
        return (ended.State, await world.Sample.LookAsync() == OperationSample.Of(kind).Done && ended.Locks.Count == 0);
    }

    private sealed class World : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ending = new();
        private readonly string _kind;
        private readonly Task _running;

        private World(StepFaults faults, string kind)
        {
            _kind = kind;
            Sample = new SampleWorld(new SimulatedStation(new InMemoryStore(), around: faults.Around));
            _running = Sample.Services.RunAsync(_ending.Token);
        }

        public SampleWorld Sample { get; }

        public static async Task<World> MakeAsync(StepFaults faults, string kind)
        {
            World world = new(faults, kind);
            await world.Sample.PrepareAsync();
            await OperationSample.Of(kind).PrepareAsync(world.Sample);
            return world;
        }

        public async Task<Operation> AskAsync() => await Sample.EndedAsync(await OperationSample.Of(_kind).AskAsync(Sample));

        /// <summary>Asks for another try; a unit's word may have made the operation go on before the person did.</summary>
        public async Task RetryAsync(Guid operationId)
        {
            try
            {
                await Sample.Services.Operations.RetryAsync(SimulatedStation.Admin, operationId, default);
            }
            catch (ProblemException late) when (late.Code == "not-retryable")
            {
                Assert.NotEqual(OperationState.NeedsOperator, (await Sample.EndedAsync(operationId)).State);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
            _ending.Dispose();
        }
    }
}
