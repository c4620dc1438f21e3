using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>What is tried again has a budget, and ends in a call for a person with one next action; nothing loops silently.</summary>
public sealed class BudgetTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly SimulatedStation _station = new(new InMemoryStore());
    private Task _running = Task.CompletedTask;
    private Guid _unit;

    private StationServices Services => _station.Services;

    public async Task InitializeAsync()
    {
        _running = Services.RunAsync(_ending.Token);
        _unit = await _station.JoinAsync("one");
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public void Dispose() => _ending.Dispose();

    [Fact]
    public async Task Unit_CannotBeSpokenWith_IsCalledForOnceAndTheAlarmGoesWhenItCan()
    {
        _station.Nonsense = new System.Text.Json.JsonException("nonsense");
        _station.Connect(_unit);
        Alarm alarm = await AlarmAsync();
        Assert.Contains("nonsense", alarm.Message, StringComparison.Ordinal);
        Assert.Contains("restart it", alarm.Message, StringComparison.Ordinal);
        Assert.Single(await Services.Events.RecentAsync(100, default), happened => happened.Kind == "unit.needs-operator");

        _station.Nonsense = null;
        _station.Connect(_unit);
        _station.Report(_unit);
        await StationTests.UntilAsync(async () => (await AlarmsAsync()).Count == 0);
    }

    /// <summary>The unit refuses what undoing leaves too, as it holds a volume already: the alarm stays until it is mended.</summary>
    [Fact]
    public async Task Unit_CannotApply_IsCalledForWithWhatItReports()
    {
        await MadeAsync("before");
        _station.Refusal = "Store is full. Free some space.";
        await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, null, _unit), null, default);
        Alarm alarm = await AlarmAsync();
        Assert.Contains("Free some space. Mend what it reports", alarm.Message, StringComparison.Ordinal);

        _station.Refusal = null;
        _station.Connect(_unit);
        await StationTests.UntilAsync(async () => (await AlarmsAsync()).Count == 0);
    }

    /// <summary>A leg that its unit serves but could not make larger: the volume keeps its size until it can, and then the same operation goes on.</summary>
    [Fact]
    public async Task Expansion_UnitCannotGrowALeg_IsTriedWithinTheBudgetAndGoesOn()
    {
        Volume volume = await MadeAsync("v");
        lock (_station.Troubles) _station.Troubles[volume.Legs[0].Id] = "The disk failed.";
        Operation expansion = await Services.Volumes.ExpandAsync(SimulatedStation.Admin, volume.Id, new VolumeExpand(2L << 30), default);
        Operation stuck = await Services.Operations.WaitAsync(expansion.Id, TimeSpan.FromSeconds(60), default);
        Assert.Equal(OperationState.NeedsOperator, stuck.State);
        Assert.Contains("The disk failed.", stuck.Error?.Detail, StringComparison.Ordinal);
        Assert.Equal(1L << 30, (await Services.Volumes.GetAsync(SimulatedStation.Admin, volume.Id, default)).SizeBytes);

        lock (_station.Troubles) _station.Troubles.Clear();
        await Services.Operations.RetryAsync(SimulatedStation.Admin, expansion.Id, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(expansion.Id, TimeSpan.FromSeconds(60), default)).State);
        Assert.Equal(2L << 30, (await Services.Volumes.GetAsync(SimulatedStation.Admin, volume.Id, default)).SizeBytes);
    }

    /// <summary>Negative control: fewer failures than the budget call nobody.</summary>
    [Fact]
    public async Task Unit_AnswersAgainWithinTheBudget_CallsNobody()
    {
        _station.LostAnswers = UnitReconciler.FailuresMax - 2;
        await MadeAsync("v");
        Assert.Empty(await AlarmsAsync());
    }

    private async Task<Volume> MadeAsync(string name)
    {
        VolumeAccepted made = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate(name, 1 << 30, null, null, null, _unit), null, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(made.Operation.Id, TimeSpan.FromSeconds(60), default)).State);
        return made.Volume;
    }

    private async Task<Alarm> AlarmAsync()
    {
        await StationTests.UntilAsync(async () => (await AlarmsAsync()).Count > 0);
        return Assert.Single(await AlarmsAsync());
    }

    private async Task<IReadOnlyList<Alarm>> AlarmsAsync() =>
        [.. (await Services.Alarms.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items.Where(alarm => alarm is { Kind: "unit.needs-operator" } && alarm.Subject == $"unit/{_unit}")];
}
