using System.Buffers.Binary;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

public sealed class CompareAndWriteTests
{
    private const string TwoBlocksAt8 = "89 00 0000000000000008 000000 02 00 00";

    private readonly RamVolume _volume = new(2048);
    private readonly CommandRunner _runner;

    public CompareAndWriteTests() => _runner = new CommandRunner(_volume);

    [Fact]
    public void CompareAndWrite_Same_WritesTheSecondHalf()
    {
        _volume.At(8, 2).Fill(0x11);
        Assert.Equal(ScsiStatus.Good, _runner.Run(TwoBlocksAt8, Halves(0x11, 0x22)).Status);
        Assert.False(_volume.At(8, 2).ContainsAnyExcept((byte)0x22));
        Assert.Equal(0, _volume.At(10, 1)[0]);
    }

    [Fact]
    public void CompareAndWrite_Different_WritesNothingAndTellsWhere()
    {
        _volume.At(8, 2).Fill(0x11);
        _volume.At(9, 1)[3] = 0x10;
        Assert.Equal(0x0E1D00, _runner.Run(TwoBlocksAt8, Halves(0x11, 0x22)).SenseCode);
        Assert.Equal(515u, BinaryPrimitives.ReadUInt32BigEndian(_runner.Sense.AsSpan(3)));
        Assert.Equal(0x11, _volume.At(8, 1)[0]);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2560)]
    public void CompareAndWrite_DataOutOfAnotherLength_IsRefused(int length) =>
        Assert.Equal(0x052400, _runner.Run(TwoBlocksAt8, new byte[length]).SenseCode);

    [Fact]
    public void CompareAndWrite_BeyondTheEnd_IsLbaOutOfRange() =>
        Assert.Equal(0x052100, _runner.Run("89 00 00000000000007FF 000000 02 00 00", Halves(0, 1)).SenseCode);

    [Fact]
    public void CompareAndWrite_NoBlocks_IsGoodOnlyWithoutData()
    {
        Assert.Equal(ScsiStatus.Good, _runner.Run("89 00 0000000000000008 000000 00 00 00").Status);
        Assert.Equal(0x052400, _runner.Run("89 00 0000000000000008 000000 00 00 00", Halves(0, 1)).SenseCode);
    }

    [Fact]
    public void CompareAndWrite_WhileAWriteIsInFlight_ComparesWhatThatWrote()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        _volume.Hold = true;
        other.Run("2A 00 00000008 00 0002 00", Fill(0x33, 1024));
        _runner.Run(TwoBlocksAt8, Halves(0x33, 0x44));
        Assert.Equal(1, _volume.HeldCount);
        _volume.CompleteOne();
        Assert.True(other.Completed);
        _volume.CompleteOne();
        _volume.CompleteOne();
        Assert.Equal(ScsiStatus.Good, _runner.Status);
        Assert.False(_volume.At(8, 2).ContainsAnyExcept((byte)0x44));
    }

    [Fact]
    public void Write_BetweenComparisonAndWrite_WaitsForBoth()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        _volume.Hold = true;
        _runner.Run(TwoBlocksAt8, Halves(0, 0x44));
        other.Run("2A 00 00000008 00 0002 00", Fill(0x33, 1024));
        Assert.Equal(1, _volume.HeldCount);
        _volume.CompleteOne();
        Assert.Equal(1, _volume.HeldCount);
        _volume.CompleteOne();
        Assert.True(_runner.Completed);
        Assert.Equal(ScsiStatus.Good, _runner.Status);
        _volume.CompleteOne();
        Assert.True(other.Completed);
        Assert.False(_volume.At(8, 2).ContainsAnyExcept((byte)0x33));
    }

    [Fact]
    public void CompareAndWrite_TwoAtOnce_OnlyOneFindsWhatItExpects()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        _volume.Hold = true;
        _runner.Run(TwoBlocksAt8, Halves(0, 0x44));
        other.Run(TwoBlocksAt8, Halves(0, 0x55));
        while (_volume.HeldCount > 0) _volume.CompleteOne();
        Assert.Equal((ScsiStatus.Good, 0x0E1D00), (_runner.Status, other.SenseCode));
        Assert.False(_volume.At(8, 2).ContainsAnyExcept((byte)0x44));
    }

    [Fact]
    public void Read_WhileTheGateIsClosed_DoesNotWait()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        _volume.Hold = true;
        _runner.Run(TwoBlocksAt8, Halves(0, 0x44));
        other.Run("28 00 00000008 00 0002 00");
        Assert.Equal(2, _volume.HeldCount);
    }

    [Fact]
    public void Abort_WhileWaitingForTheGate_EndsWithoutTouchingTheMedium()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        _volume.Hold = true;
        _runner.Run(TwoBlocksAt8, Halves(0, 0x44));
        other.Run("2A 00 00000008 00 0002 00", Fill(0x33, 1024));
        Assert.False(other.Abort());
        while (_volume.HeldCount > 0) _volume.CompleteOne();
        Assert.Equal((true, ScsiStatus.TaskAborted), (other.Completed, other.Status));
        Assert.False(_volume.At(8, 2).ContainsAnyExcept((byte)0x44));
        Assert.Equal(ScsiStatus.Good, Release(other).Status);
    }

    private CommandRunner Release(CommandRunner runner)
    {
        _volume.Hold = false;
        return runner.Run("2A 00 00000000 00 0002 00", Fill(0x33, 1024));
    }

    private static byte[] Halves(byte compare, byte write) => [.. Fill(compare, 1024), .. Fill(write, 1024)];

    private static byte[] Fill(byte value, int length)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
