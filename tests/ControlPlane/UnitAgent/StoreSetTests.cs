using VSan.Contracts.UnitLink;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class StoreSetTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Guid _unitId = Guid.NewGuid();

    private string Second => _root.File("second");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Start_OneStoreForeign_IsAConditionAndTheOtherIsServed()
    {
        MakeForeign();
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();

        ConfigurationStatus status = await unit.PushAsync(1, Documents.Leg(Guid.NewGuid(), unit.Store.Id));

        UnitCondition condition = Assert.Single(status.Conditions);
        Assert.Equal("store-unusable", condition.Code);
        Assert.Contains(Second, condition.Message, StringComparison.Ordinal);
        Assert.Equal(1, status.AppliedGeneration);
        Assert.Single(Assert.Single(blockServer.Applied).Volumes);
    }

    /// <summary>Negative control of the one above: the same two paths, and nothing foreign in the second.</summary>
    [Fact]
    public async Task Start_BothStoresEmpty_HasNoCondition()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();

        ConfigurationStatus status = await unit.PushAsync(1, Documents.Leg(Guid.NewGuid(), unit.Store.Id));

        Assert.Empty(status.Conditions);
        Assert.Equal(2, unit.Stores.All.Count);
    }

    [Fact]
    public async Task Store_ForeignFileMovedAway_IsTakenWithoutARestart()
    {
        MakeForeign();
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        await unit.Reconciler.PassAsync(CancellationToken.None);
        Assert.Equal("store-unusable", Assert.Single(unit.Reconciler.State.Value.Status.Conditions).Code);

        File.Delete(Path.Combine(Second, "thesis.txt"));
        await unit.Reconciler.PassAsync(CancellationToken.None);
        await unit.Reconciler.PassAsync(CancellationToken.None);

        Assert.Empty(unit.Reconciler.State.Value.Status.Conditions);
        Assert.Equal(2, unit.Stores.Inspect().Length);
    }

    [Fact]
    public async Task Store_VanishedWhileRunning_IsAConditionUntilItIsBackAndTheOtherIsServed()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        Guid away = unit.Stores.All.Single(store => store.Path == Second).Id;
        LegSpec leg = Documents.Leg(Guid.NewGuid(), away);
        LegSpec other = Documents.Leg(Guid.NewGuid(), unit.Store.Id);
        _ = await unit.PushAsync(1, leg, other);
        Directory.Move(Second, _root.File("unmounted"));
        _ = Directory.CreateDirectory(Second);

        Assert.Equal(unit.Store.Id, Assert.Single(unit.Stores.Inspect()).StoreId);
        await unit.Reconciler.PassAsync(CancellationToken.None);

        Assert.Equal(["leg-missing", "store-unusable"], unit.Reconciler.State.Value.Status.Conditions.Select(condition => condition.Code).Order());
        Assert.Equal(other.LegId, Assert.Single(blockServer.Applied[^1].Volumes).Id);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Second));

        Directory.Delete(Second);
        Directory.Move(_root.File("unmounted"), Second);
        await unit.Reconciler.PassAsync(CancellationToken.None);

        Assert.Empty(unit.Reconciler.State.Value.Status.Conditions);
        Assert.Equal(2, blockServer.Applied[^1].Volumes.Count);
    }

    [Fact]
    public async Task BlockServer_NoSocket_IsSaidInPlainWordsWithWhatToStart()
    {
        using UnitUnderTest unit = Start();

        ConfigurationStatus status = await unit.PushAsync(1);

        string message = Assert.Single(status.Conditions).Message;
        Assert.Contains("there is no such socket", message, StringComparison.Ordinal);
        Assert.Contains($"vsan-blockserver run --state DIR --control {UnitUnderTest.SocketPath(_root.Path)}", message, StringComparison.Ordinal);
    }

    private void MakeForeign()
    {
        _ = Directory.CreateDirectory(Second);
        File.WriteAllText(Path.Combine(Second, "thesis.txt"), "years of work");
    }

    private ControlSocketServer Serve() => new(UnitUnderTest.SocketPath(_root.Path));

    private UnitUnderTest Start() => new(_root.Path, _unitId, secondStore: Second);
}
