using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>WCE=0 holds for zeroes too, which take another way through a volume than data.</summary>
public sealed class WriteSameDurabilityTests
{
    private const string WriteSame16WithoutData = "93 01 0000000000000000 00000008 00 00";

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void WriteSame_Zeroes_AreDurableWhereThereIsNoWriteCache(bool writeCache, int durable)
    {
        var volume = new RamVolume(64);
        CommandRunner runner = new CommandRunner(volume, writeCache: writeCache).Run(WriteSame16WithoutData);
        Assert.Equal(ScsiStatus.Good, runner.Status);
        Assert.Equal(durable, volume.DurableWrites);
    }
}
