using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>Sense data in both formats (SPC-4), and who chooses.</summary>
public sealed class SenseTests
{
    private const string Ready = "00 00 00 00 00 00", ControlPage = "1A 08 0A 00 FF 00", SelectControl = "15 10 00 00 10 00";
    private readonly RamVolume _volume = new(2048);
    private readonly CommandRunner _runner;

    public SenseTests() => _runner = new CommandRunner(_volume);

    [Fact]
    public void Format_OfAllThatThereIs_IsTheStandardsInBothFormats()
    {
        Sense sense = Sense.InvalidFieldInCdb.AtCdbByte(0x0203) with { Information = 0x11223344, CommandSpecific = 0x0005 };
        Assert.Equal("F0" + "0005" + "11223344" + "0A" + "00000005" + "2400" + "00" + "C00203", Formatted(sense, descriptors: false));
        Assert.Equal("7205240000000020" + "000A8000" + "0000000011223344" + "010A0000" + "0000000000000005" + "02060000" + "C0020300", Formatted(sense, descriptors: true));
        Assert.Equal(Sense.BytesMax, Formatted(sense, descriptors: true).Length / 2);
    }

    [Fact]
    public void Format_OfACodeAlone_HasNoDescriptor()
    {
        Assert.Equal("700006" + "00000000" + "0A" + "00000000" + "2900" + "00" + "000000", Formatted(Sense.PowerOn, descriptors: false));
        Assert.Equal("7206290000000000", Formatted(Sense.PowerOn, descriptors: true));
    }

    [Fact]
    public void Format_OfAnInformationBeyondFourBytes_IsNotValidInFixedFormat()
    {
        Sense sense = Sense.Miscompare with { Information = 0x1_0000_0000 };
        Assert.Equal("70000E00000000", Formatted(sense, descriptors: false)[..14]);
        Assert.Equal("000A8000" + "0000000100000000", Formatted(sense, descriptors: true)[16..]);
    }

    [Fact]
    public void DSense_SetByModeSelect_ChangesTheFormatForAllUntilAReset()
    {
        var other = new CommandRunner(_runner, ringIndex: 1);
        Assert.Equal(0x04, _runner.Run("1A 08 4A 00 FF 00").DataIn[6]);
        Assert.Equal(ScsiStatus.Good, SetDescriptorSense().Status);
        Assert.Equal(0x04, _runner.Run(ControlPage).DataIn[6]);
        Assert.Equal("72062A0100000000", Convert.ToHexString(other.Run(Ready).Sense));
        Assert.Equal("7205240000000008" + "02060000" + "C0000200", Convert.ToHexString(other.Run("12 01 C0 01 00 00").Sense));
        _runner.Unit.Reset();
        Assert.Equal("70000600000000", Convert.ToHexString(other.Run(Ready).Sense[..7]));
    }

    [Fact]
    public void Miscompare_InDescriptorFormat_HasItsOffsetInAnInformationDescriptor()
    {
        SetDescriptorSense();
        byte[] data = new byte[1024];
        data[700] = 1;
        _runner.Run("2F 02 00000000 00 0002 00", data);
        Assert.Equal("720E1D000000000C" + "000A8000" + "00000000000002BC", Convert.ToHexString(_runner.Sense));
    }

    [Fact]
    public void MissingLun_HasNoControlPage_SoItsSenseIsFixed()
    {
        SetDescriptorSense();
        Assert.Equal(0x70, _runner.Run(Ready, lun: 5UL << 48).Sense[0]);
    }

    [Theory]
    [InlineData("03 00 00 00 FF 00", "70000600000000")]
    [InlineData("03 01 00 00 FF 00", "72062A09000000")]
    public void RequestSense_HasTheFormatOfItsOwnBit(string cdb, string start)
    {
        SetDescriptorSense();
        _volume.Shrink(1024);
        Assert.Equal(start, Convert.ToHexString(_runner.Run(cdb).DataIn[..7]));
    }

    private CommandRunner SetDescriptorSense()
    {
        byte[] list = _runner.Run(ControlPage).DataIn;
        (list[0], list[2]) = (0, 0);
        list[6] |= 0x04;
        return _runner.Run(SelectControl, list);
    }

    private static string Formatted(Sense sense, bool descriptors)
    {
        Span<byte> bytes = stackalloc byte[Sense.BytesMax];
        return Convert.ToHexString(bytes[..sense.Format(bytes, descriptors)]);
    }
}
