using VSan.BlockServer;
using VSan.BlockServer.Serving;
using VSan.Contracts.BlockServer;
using Xunit;

namespace VSan.Tests.Unit.Limits;

/// <summary>What docs/limits.md says of snapshots, at the bound and one past it.</summary>
public sealed class SnapshotLimitTests
{
    [Theory]
    [InlineData(SnapshotCheck.VolumesMax, "is not served")]
    [InlineData(SnapshotCheck.VolumesMax + 1, "a group has 1 to 256 snapshots, not 257")]
    public void Group_Of256Snapshots_IsTheLargest(int count, string error)
    {
        var none = new ServedVolumes([], Path.GetTempPath(), new EventLog(TextWriter.Null, TimeProvider.System));
        SnapshotRequest[] wanted = [.. Enumerable.Range(0, count).Select(i => new SnapshotRequest(Guid.NewGuid(), $"/volumes/{i}"))];
        Assert.Contains(error, SnapshotCheck.FirstError(wanted, none), StringComparison.Ordinal);
    }
}
