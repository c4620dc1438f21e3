using VSan.Contracts.BlockServer;
using VSan.Contracts.UnitLink;
using VSan.Interop;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class ReconcilerTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Guid _unitId = Guid.NewGuid();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Push_NewLeg_IsCreatedAndServedWithItsSecret()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec leg = Documents.Leg(Guid.NewGuid(), unit.Store.Id);

        ConfigurationStatus status = await unit.PushAsync(1, leg);

        Assert.Equal((1, 1, 0), (status.Generation, status.AppliedGeneration, status.Conditions.Count));
        string image = unit.Store.ImagePath(leg.LegId);
        Assert.Equal(leg.SizeBytes, new FileInfo(image).Length);
        Assert.Equal(0, FileSystem.AllocatedBytes(image));
        BlockServerConfiguration applied = Assert.Single(blockServer.Applied);
        Assert.Equal([UnitUnderTest.Portal], applied.Portals);
        Assert.Equal(image, Assert.Single(applied.Volumes).Path);
        Assert.Equal(Documents.Secret, applied.Targets.Single().Access.Single().Chap!.Secret);
    }

    [Fact]
    public async Task Push_ThickLeg_TakesItsSpaceAtOnce()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec leg = Documents.Leg(Guid.NewGuid(), unit.Store.Id, thin: false);

        _ = await unit.PushAsync(1, leg);

        Assert.True(FileSystem.AllocatedBytes(unit.Store.ImagePath(leg.LegId)) >= leg.SizeBytes);
    }

    [Fact]
    public async Task Push_ThickLegLargerThanTheStore_IsStoreFullAndLeavesNoFile()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = new(_root.Path, _unitId, storeLimitBytes: 512 * 1024);
        LegSpec leg = Documents.Leg(Guid.NewGuid(), unit.Store.Id, thin: false);

        ConfigurationStatus status = await unit.PushAsync(1, leg);

        Assert.Equal("store-full", Assert.Single(status.Conditions).Code);
        Assert.Empty(unit.Store.LegIds());
    }

    [Fact]
    public async Task Push_LegRemoved_IsDeletedAfterTheBlockServerLetGo()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec kept = Documents.Leg(Guid.NewGuid(), unit.Store.Id);
        LegSpec removed = Documents.Leg(Guid.NewGuid(), unit.Store.Id);
        _ = await unit.PushAsync(1, kept, removed);
        bool thereAtApply = false;
        blockServer.OnApply = _ => thereAtApply = File.Exists(unit.Store.ImagePath(removed.LegId));

        _ = await unit.PushAsync(2, kept);

        Assert.True(thereAtApply);
        Assert.Equal([kept.LegId], unit.Store.LegIds());
        Assert.False(File.Exists(unit.Store.DescriptionPath(removed.LegId)));
    }

    [Fact]
    public async Task Push_LegRemovedButBlockServerRefuses_StaysUntilItLetGo()
    {
        await using ControlSocketServer blockServer = Serve();
        LegSpec removed;
        using (UnitUnderTest unit = Start())
        {
            removed = Documents.Leg(Guid.NewGuid(), unit.Store.Id);
            _ = await unit.PushAsync(1, removed);
            blockServer.Error = "A session holds the volume.";
            ConfigurationStatus status = await unit.PushAsync(2);
            Assert.Equal("apply-failed", Assert.Single(status.Conditions).Code);
            Assert.True(File.Exists(unit.Store.ImagePath(removed.LegId)));
        }

        blockServer.Error = null;
        using UnitUnderTest restarted = Start();
        await restarted.Reconciler.PassAsync(CancellationToken.None);
        Assert.False(File.Exists(restarted.Store.ImagePath(removed.LegId)));
    }

    [Fact]
    public async Task Push_FileThatNoDocumentNamed_IsLeftAloneAndReported()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        string orphan = unit.Store.ImagePath(Guid.NewGuid());
        await File.WriteAllTextAsync(orphan, "somebody's bytes");

        _ = await unit.PushAsync(1);
        ConfigurationStatus status = await unit.PushAsync(2);

        Assert.Equal("leg-orphan", Assert.Single(status.Conditions).Code);
        Assert.Equal("somebody's bytes", await File.ReadAllTextAsync(orphan));
    }

    [Fact]
    public async Task Leg_FileVanishedAfterCreation_IsMissingAndNeverMadeAnew()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec leg = Documents.Leg(Guid.NewGuid(), unit.Store.Id);
        _ = await unit.PushAsync(1, leg);
        File.Delete(unit.Store.ImagePath(leg.LegId));

        ConfigurationStatus status = await unit.PushAsync(2, leg);

        Assert.Equal("leg-missing", Assert.Single(status.Conditions).Code);
        Assert.False(File.Exists(unit.Store.ImagePath(leg.LegId)));
        Assert.Empty(blockServer.Applied[^1].Volumes);
        Assert.Empty(blockServer.Applied[^1].Targets.Single().Access.Single().LogicalUnits);
    }

    /// <summary>Negative control of the one above: what protects is the description, so without it the leg is a new one.</summary>
    [Fact]
    public async Task Leg_FileAndDescriptionVanished_IsCreated()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        LegSpec leg = Documents.Leg(Guid.NewGuid(), unit.Store.Id);
        _ = await unit.PushAsync(1, leg);
        File.Delete(unit.Store.ImagePath(leg.LegId));
        File.Delete(unit.Store.DescriptionPath(leg.LegId));

        ConfigurationStatus status = await unit.PushAsync(2, leg);

        Assert.Empty(status.Conditions);
        Assert.Single(blockServer.Applied[^1].Volumes);
    }

    [Fact]
    public async Task Restart_WithoutStation_ServesTheLastAcceptedConfiguration()
    {
        LegSpec leg;
        using (UnitUnderTest unit = Start())
        {
            leg = Documents.Leg(Guid.NewGuid(), unit.Store.Id);
            ConfigurationStatus status = await unit.PushAsync(7, leg);
            Assert.Equal("block-server-down", Assert.Single(status.Conditions).Code);
            Assert.Equal((7, 0), (status.Generation, status.AppliedGeneration));
        }

        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest restarted = Start();
        await restarted.Reconciler.PassAsync(CancellationToken.None);

        Assert.True(restarted.Reconciler.State.Value.IsServed);
        Assert.Equal(7, Assert.Single(blockServer.Applied).Generation);
        Assert.Equal(Documents.Secret, blockServer.Applied[0].Targets.Single().Access.Single().Chap!.Secret);
    }

    [Fact]
    public async Task BlockServer_RestartedEmpty_IsGivenTheConfigurationAgain()
    {
        using UnitUnderTest unit = Start();
        await using (ControlSocketServer first = Serve())
            _ = await unit.PushAsync(1, Documents.Leg(Guid.NewGuid(), unit.Store.Id));

        await unit.Reconciler.PassAsync(CancellationToken.None);
        Assert.Equal("block-server-down", Assert.Single(unit.Reconciler.State.Value.Status.Conditions).Code);

        await using ControlSocketServer second = Serve();
        await unit.Reconciler.PassAsync(CancellationToken.None);
        Assert.Equal(1, Assert.Single(second.Applied).Generation);
        Assert.True(unit.Reconciler.State.Value.IsServed);
    }

    [Fact]
    public async Task Pass_EverythingServed_DoesNotApplyAgain()
    {
        await using ControlSocketServer blockServer = Serve();
        using UnitUnderTest unit = Start();
        _ = await unit.PushAsync(1, Documents.Leg(Guid.NewGuid(), unit.Store.Id));

        await unit.Reconciler.PassAsync(CancellationToken.None);

        Assert.Single(blockServer.Applied);
    }

    private ControlSocketServer Serve() => new(UnitUnderTest.SocketPath(_root.Path));

    private UnitUnderTest Start() => new(_root.Path, _unitId);
}
