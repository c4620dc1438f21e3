using VSan.Block;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>A failing volume as the initiator sees it: the right sense for the one command, and no other command touched.</summary>
public sealed class FaultTests
{
    private const int Eio = 5;
    private const int Enospc = 28;

    [Theory]
    [InlineData(BlockOperation.Read, BlockStatus.MediumError, Eio, 0x031100)]
    [InlineData(BlockOperation.Write, BlockStatus.HardwareError, Eio, 0x044400)]
    [InlineData(BlockOperation.Write, BlockStatus.NoSpace, Enospc, 0x072707)]
    [InlineData(BlockOperation.Flush, BlockStatus.HardwareError, Eio, 0x044400)]
    public async Task ThirdRequest_Fails_InitiatorGetsItsSenseAndTheOthersGoOn(BlockOperation operation, BlockStatus status, int errno, int sense)
    {
        var geometry = new VolumeGeometry(512, 4096, new BlockCount(2048), 8, Thin: true);
        using FaultBench bench = await FaultBench.StartAsync(front => new FaultyVolume(new MemoryVolume(geometry, [front.Volumes]), operation, nth: 3, status, errno));
        using RawInitiator initiator = bench.LogIn();
        for (int number = 1; number <= 5; number++)
        {
            CommandEnd end = operation switch
            {
                BlockOperation.Read => initiator.Read(0, new byte[4096]),
                BlockOperation.Write => initiator.Write(0, new byte[4096]),
                _ => initiator.Flush(),
            };
            Assert.Equal(number == 3 ? new CommandEnd(2, sense) : new CommandEnd(0, 0), end);
        }
    }
}
