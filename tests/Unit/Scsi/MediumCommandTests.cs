using VSan.Block;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>ORWRITE, GET LBA STATUS, READ DEFECT DATA, SANITIZE, and write protection by software.</summary>
public sealed class MediumCommandTests
{
    private const string OrTwoBlocksAt8 = "8B 00 0000000000000008 00000002 00 00";

    private readonly RamVolume _volume = new(2048);
    private readonly CommandRunner _runner;

    public MediumCommandTests() => _runner = new CommandRunner(_volume);

    [Fact]
    [Trait("clause", "SBC-3, ORWRITE")]
    public void OrWrite_SeveralChunks_JoinsEachByteWithTheMedium()
    {
        var random = new Random(5);
        byte[] medium = new byte[1100 * 512], data = new byte[1100 * 512];
        random.NextBytes(medium);
        random.NextBytes(data);
        medium.CopyTo(_volume.At(8, 1100));
        Assert.Equal(ScsiStatus.Good, _runner.Run("8B 00 0000000000000008 0000044C 00 00", data).Status);
        for (int i = 0; i < data.Length; i++) data[i] |= medium[i];
        Assert.Equal(data, _volume.At(8, 1100).ToArray());
        Assert.Equal((0, 0), (_volume.At(7, 1)[0], _volume.At(1108, 1)[0]));
    }

    [Fact]
    [Trait("clause", "SBC-3, ORWRITE")]
    public void OrWrite_WhileAnotherRunsOrAWriteIsInFlight_LosesNoBit()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        var third = new CommandRunner(_runner, ringIndex: 2);
        _volume.Hold = true;
        other.Run("2A 00 00000008 00 0002 00", Filled(0x01, 1024));
        _runner.Run(OrTwoBlocksAt8, Filled(0x10, 1024));
        third.Run(OrTwoBlocksAt8, Filled(0x20, 1024));
        Assert.Equal(1, _volume.HeldCount);
        while (_volume.HeldCount > 0) _volume.CompleteOne();
        Assert.True(_runner.Completed && third.Completed);
        Assert.False(_volume.At(8, 2).ContainsAnyExcept((byte)0x31));
    }

    [Fact]
    [Trait("clause", "SBC-3, GET LBA STATUS")]
    public void GetLbaStatus_HoleDataHole_AreThreeDescriptors()
    {
        _volume.At(16, 8).Fill(1);
        const string expected = "00000034" + "00000000"
            + "0000000000000000" + "00000010" + "01000000"
            + "0000000000000010" + "00000008" + "00000000"
            + "0000000000000018" + "000007E8" + "01000000";
        Assert.Equal(expected, Convert.ToHexString(_runner.Run("9E 12 0000000000000000 00000400 00 00").DataIn));
        Assert.Equal(expected[..16].Replace("34", "14") + expected[16..48], Convert.ToHexString(_runner.Run("9E 12 0000000000000000 00000018 00 00").DataIn));
        Assert.Equal(0x052100, _runner.Run("9E 12 0000000000000800 00000018 00 00").SenseCode);
    }

    [Fact]
    [Trait("clause", "SBC-3, GET LBA STATUS")]
    public void GetLbaStatus_MoreExtentsThanOneAnswerHolds_StopsAtTheBound()
    {
        for (int lba = 0; lba < 200; lba += 2) _volume.At(lba, 1).Fill(1);
        Assert.Equal(8 + (64 * 16), _runner.Run("9E 12 0000000000000000 00001000 00 00").DataIn.Length);
    }

    [Fact]
    [Trait("clause", "SBC-3, GET LBA STATUS")]
    public void GetLbaStatus_OfAThickVolume_IsAllMapped()
    {
        var thick = new CommandRunner(new RamVolume(2048, thin: false));
        Assert.Equal("0000001400000000" + "0000000000000007" + "000007F9" + "00000000", Convert.ToHexString(thick.Run("9E 12 0000000000000007 00000400 00 00").DataIn));
    }

    [Fact]
    public void ReadDefectData_BothForms_AreEmptyListsOfTheFormatAskedFor()
    {
        Assert.Equal("001D0000", Convert.ToHexString(_runner.Run("37 00 1D 00 00 00 00 00FF 00").DataIn));
        Assert.Equal("001D000000000000", Convert.ToHexString(_runner.Run("B7 1D 00000000 000000FF 00 00").DataIn));
    }

    [Fact]
    [Trait("clause", "SPC-4, control mode page")]
    public void SoftwareWriteProtect_SetByOneNexus_HoldsForAllUntilAReset()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        byte[] list = _runner.Run("1A 08 0A 00 FF 00").DataIn;
        list[0] = list[2] = 0;
        list[8] |= 0x08;
        Assert.Equal(ScsiStatus.Good, _runner.Run("15 10 00 00 10 00", list).Status);
        Assert.Equal(0x062A01, other.Run("00 00 00 00 00 00").SenseCode);
        Assert.Equal(0x072702, other.Run("2A 00 00000000 00 0001 00", new byte[512]).SenseCode);
        Assert.Equal(0x80, other.Run("1A 08 3F 00 FF 00").DataIn[2] & 0x80);
        Assert.Equal(0x08, other.Run("1A 08 4A 00 FF 00").DataIn[8]);
        _runner.Unit.Reset();
        other.Run("00 00 00 00 00 00");
        Assert.Equal(ScsiStatus.Good, other.Run("2A 00 00000000 00 0001 00", new byte[512]).Status);
    }

    [Fact]
    [Trait("clause", "SBC-3, SANITIZE")]
    public void Sanitize_WhereUnmapErases_ErasesAndKeepsOthersOutMeanwhile()
    {
        RamVolume volume = Erasable();
        var runner = new CommandRunner(volume);
        var other = new CommandRunner(runner, ringIndex: 1);
        volume.At(0, 2048).Fill(7);
        volume.Hold = true;
        runner.Run("48 02 00 00 00 00 00 0000 00");
        Assert.Equal(0x02041B, other.Run("00 00 00 00 00 00").SenseCode);
        byte[] sense = other.Run("03 00 00 00 12 00").DataIn;
        Assert.Equal((2, 4, 0x1B), (sense[2], sense[12], sense[13]));
        volume.CompleteOne();
        Assert.Equal(ScsiStatus.Good, runner.Status);
        Assert.False(volume.At(0, 2048).ContainsAnyExcept((byte)0));
        Assert.Equal(ScsiStatus.Good, other.Run("00 00 00 00 00 00").Status);
    }

    [Fact]
    [Trait("clause", "SBC-3, SANITIZE")]
    public void Sanitize_Failed_LetsNothingInUntilItSucceedsOrMayBeLeft()
    {
        RamVolume volume = Erasable();
        var runner = new CommandRunner(volume);
        volume.Fail = BlockStatus.HardwareError;
        Assert.Equal(0x033103, runner.Run("48 02 00 00 00 00 00 0000 00").SenseCode);
        volume.Fail = BlockStatus.Success;
        Assert.Equal(0x033103, runner.Run("28 00 00000000 00 0001 00").SenseCode);
        Assert.Equal(0x033103, runner.Run("48 1F 00 00 00 00 00 0000 00").SenseCode);
        Assert.Equal(ScsiStatus.Good, runner.Run("48 02 00 00 00 00 00 0000 00").Status);
        volume.Fail = BlockStatus.HardwareError;
        runner.Run("48 22 00 00 00 00 00 0000 00");
        volume.Fail = BlockStatus.Success;
        Assert.Equal(ScsiStatus.Good, runner.Run("48 1F 00 00 00 00 00 0000 00").Status);
        Assert.Equal(ScsiStatus.Good, runner.Run("28 00 00000000 00 0001 00").Status);
    }

    [Fact]
    public void Sanitize_WhereUnmapLeavesTheBytesBehind_IsNotThere()
    {
        Assert.Equal(0x052400, _runner.Run("48 02 00 00 00 00 00 0000 00").SenseCode);
        Assert.Equal(1, _runner.Run("A3 0C 02 48 0002 00001000 00 00").DataIn[1]);
    }

    private static RamVolume Erasable()
    {
        var volume = new RamVolume(2048);
        volume.MakeErasable();
        return volume;
    }

    private static byte[] Filled(byte value, int length)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
