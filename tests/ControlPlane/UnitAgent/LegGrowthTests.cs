using VSan.Contracts.UnitLink;
using VSan.Tests.Simulation.Kernel;
using VSan.Tests.Simulation.World;
using VSan.UnitAgent.Reconcile;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>A leg that is to be larger on a disk that fails for a moment.</summary>
public sealed class LegGrowthTests
{
    private readonly SimFiles _disk = new(new Simulator(seed: 1), "unit");
    private readonly SimStore _store;
    private readonly LegFiles _files;
    private readonly LegSpec _leg;

    public LegGrowthTests()
    {
        _store = new SimStore(Guid.NewGuid(), "/store", _disk);
        _files = new LegFiles(Guid.NewGuid(), _store, _disk);
        _leg = Documents.Leg(Guid.NewGuid(), _store.Id);
        Assert.True(_files.TryEnsure(_leg, record: null, out _, out _));
    }

    private LegSpec Larger => _leg with { SizeBytes = 2 * _leg.SizeBytes };

    [Fact]
    public void Growth_DiskFails_LegIsServedAsLargeAsItWas_AndGrowsWhenItCan()
    {
        _disk.ErrorChance = 1;
        Assert.True(_files.TryEnsure(Larger, record: null, out string? image, out _));
        Assert.Equal(_leg.SizeBytes, _files.Grow(Larger, record: null, out UnitCondition? condition).SizeBytes);
        Assert.Equal(("expand-failed", _leg.LegId), (condition?.Code, condition?.LegId));

        _disk.ErrorChance = 0;
        Assert.Equal(Larger, _files.Grow(Larger, record: null, out condition));
        Assert.Null(condition);
        Assert.Equal(Larger.SizeBytes, _disk.LengthBytes(image));
    }

    /// <summary>Negative control: a leg that has its size is not touched, however its disk is.</summary>
    [Fact]
    public void Growth_NothingToDo_TouchesNothing()
    {
        _disk.ErrorChance = 1;
        Assert.Equal(_leg, _files.Grow(_leg, record: null, out UnitCondition? condition));
        Assert.Null(condition);
    }
}
