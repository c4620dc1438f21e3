using System.Buffers.Binary;
using System.Text;
using VSan.Block;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

public sealed class CommandTests
{
    private readonly RamVolume _volume = new(2048);
    private readonly CommandRunner _runner;

    public CommandTests() => _runner = new CommandRunner(_volume);

    [Fact]
    public void FirstCommand_OfANewNexus_ReportsPowerOn()
    {
        var runner = new CommandRunner(_volume, clearPowerOn: false);
        Assert.Equal(ScsiStatus.Good, runner.Run("12 00 00 00 60 00").Status);
        Assert.Equal(0x062900, runner.Run("00 00 00 00 00 00").SenseCode);
        Assert.Equal(0, runner.Run("00 00 00 00 00 00").SenseCode);
    }

    [Fact]
    public void Inquiry_StandardData_NamesVendorAndProduct()
    {
        byte[] page = _runner.Run("12 00 00 00 FF 00").DataIn;
        Assert.Equal(96, page.Length);
        Assert.Equal("VSAN    VSan Appliance  0001", Encoding.ASCII.GetString(page, 8, 28));
    }

    [Fact]
    public void Inquiry_OfAMissingLun_SaysThatNothingCanBeThere()
    {
        Assert.Equal(0x7F, _runner.Run("12 00 00 00 FF 00", lun: 5UL << 48).DataIn[0]);
        Assert.Equal(0x052500, _runner.Run("00 00 00 00 00 00", lun: 5UL << 48).SenseCode);
    }

    [Theory]
    [InlineData(0x00, 12)]
    [InlineData(0x80, 12)]
    [InlineData(0x83, 108)]
    [InlineData(0x86, 64)]
    [InlineData(0x8F, 96)]
    [InlineData(0xB0, 64)]
    [InlineData(0xB1, 64)]
    [InlineData(0xB2, 8)]
    public void VitalProductData_EachPage_CarriesItsCodeAndLength(int code, int length)
    {
        byte[] page = _runner.Run($"12 01 {code:X2} 01 00 00").DataIn;
        Assert.Equal(length, page.Length);
        Assert.Equal(code, page[1]);
        Assert.Equal(length - 4, BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(2)));
    }

    [Fact]
    public void VitalProductData_UnknownPage_PointsAtThePageCode()
    {
        Assert.Equal(0x052400, _runner.Run("12 01 C0 01 00 00").SenseCode);
        Assert.Equal([0xC0, 0x00, 0x02], _runner.Sense[15..18]);
    }

    [Fact]
    public void ReadCapacity_BothForms_TellTheLastBlock()
    {
        Assert.Equal("000007FF00000200", Convert.ToHexString(_runner.Run("25 00 00000000 000000 00").DataIn));
        byte[] page = _runner.Run("9E 10 0000000000000000 00000020 00 00").DataIn;
        Assert.Equal(0x7FFu, BinaryPrimitives.ReadUInt64BigEndian(page));
        Assert.Equal(3, page[13]);
        Assert.Equal(0xC0, page[14]);
    }

    [Theory]
    [InlineData("0A 00 00 08 02 00", "08 00 00 08 02 00")]
    [InlineData("2A 00 00000008 00 0002 00", "28 00 00000008 00 0002 00")]
    [InlineData("AA 00 00000008 00000002 00 00", "A8 00 00000008 00000002 00 00")]
    [InlineData("8A 00 0000000000000008 00000002 00 00", "88 00 0000000000000008 00000002 00 00")]
    public void Write_ThenRead_ReturnsTheBytes(string write, string read)
    {
        byte[] data = Pattern(1024);
        Assert.Equal(ScsiStatus.Good, _runner.Run(write, data).Status);
        Assert.Equal(data, _volume.At(8, 2).ToArray());
        Assert.Equal(data, _runner.Run(read).DataIn);
    }

    [Theory]
    [InlineData("28 00 000007FF 00 0002 00")]
    [InlineData("88 00 FFFFFFFFFFFFFFFF 00000001 00 00")]
    [InlineData("35 00 000007FF 00 0002 00")]
    [InlineData("2A 00 00000800 00 0001 00")]
    public void Range_BeyondTheEnd_IsLbaOutOfRange(string cdb) => Assert.Equal(0x052100, _runner.Run(cdb, Pattern(1024)).SenseCode);

    [Theory]
    [InlineData("28 20 00000000 00 0001 00", 1)] // RDPROTECT
    [InlineData("28 00 00000000 00 0001 04", 9)] // NACA
    [InlineData("00 00 01 00 00 00", 2)]
    public void Cdb_BitThatMustBeZero_IsRefusedAtItsByte(string cdb, int at)
    {
        Assert.Equal(0x052400, _runner.Run(cdb).SenseCode);
        Assert.Equal(at, BinaryPrimitives.ReadUInt16BigEndian(_runner.Sense.AsSpan(16)));
    }

    [Fact]
    public void OperationCode_Unknown_IsRefused() => Assert.Equal(0x052000, _runner.Run("C1 00 00 00 00 00 00 00 00 00").SenseCode);

    [Fact]
    public void Write_LongerThanOneBuffer_IsRefused()
    {
        var runner = new CommandRunner(new RamVolume(16384));
        Assert.Equal(0x052400, runner.Run("28 00 00000000 00 2001 00").SenseCode);
        Assert.Equal(ScsiStatus.Good, runner.Run("28 00 00000000 00 2000 00").Status);
    }

    [Theory]
    [InlineData(BlockStatus.NoSpace, 0x072707)]
    [InlineData(BlockStatus.MediumError, 0x030C00)]
    [InlineData(BlockStatus.HardwareError, 0x044400)]
    [InlineData(BlockStatus.OutOfRange, 0x052100)]
    [InlineData(BlockStatus.Closed, 0x052500)]
    public void Write_VolumeFails_SaysWhy(BlockStatus status, int sense)
    {
        _volume.Fail = status;
        Assert.Equal(sense, _runner.Run("2A 00 00000000 00 0001 00", Pattern(512)).SenseCode);
    }

    [Fact]
    public void Write_ForceUnitAccess_IsDurableAndWithoutItIsNot()
    {
        _runner.Run("2A 00 00000000 00 0001 00", Pattern(512));
        Assert.Equal(0, _volume.DurableWrites);
        _runner.Run("2A 08 00000000 00 0001 00", Pattern(512));
        Assert.Equal(1, _volume.DurableWrites);
        new CommandRunner(_volume, writeCache: false).Run("2A 00 00000000 00 0001 00", Pattern(512));
        Assert.Equal(2, _volume.DurableWrites);
    }

    [Fact]
    public void Write_ReadOnlyLun_IsDataProtectAndReadsGoOn()
    {
        var runner = new CommandRunner(_volume, readOnly: true);
        Assert.Equal(0x072700, runner.Run("2A 00 00000000 00 0001 00", Pattern(512)).SenseCode);
        Assert.Equal(ScsiStatus.Good, runner.Run("28 00 00000000 00 0001 00").Status);
        Assert.Equal(0x80, runner.Run("1A 00 3F 00 FF 00").DataIn[2] & 0x80);
    }

    [Fact]
    public void Write_LessDataThanTheCdbSays_WritesTheWholeBlocksAndOwesAResidual()
    {
        Assert.Equal(ScsiStatus.Good, _runner.Run("2A 00 00000000 00 0002 00", Pattern(512)).Status);
        Assert.Equal(1024, _runner.TransferLength);
        Assert.Equal(Pattern(512), _volume.At(0, 1).ToArray());
        Assert.False(_volume.At(1, 1).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void SynchronizeCache_AnyRange_Flushes()
    {
        Assert.Equal(ScsiStatus.Good, _runner.Run("35 00 00000000 00 0000 00").Status);
        Assert.Equal(1, _volume.Flushes);
    }

    [Fact]
    public void Unmap_TwoDescriptors_BothReadAsZeroes()
    {
        _volume.At(0, 32).Fill(0xAA);
        byte[] list = new byte[40];
        BinaryPrimitives.WriteUInt16BigEndian(list, 38);
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(2), 32);
        list[15] = 1;
        list[19] = 2;
        list[31] = 8;
        list[35] = 4;
        Assert.Equal(ScsiStatus.Good, _runner.Run("42 00 00000000 00 0028 00", list).Status);
        Assert.Equal(0xAA, _volume.At(0, 1)[0]);
        Assert.False(_volume.At(1, 2).ContainsAnyExcept((byte)0));
        Assert.False(_volume.At(8, 4).ContainsAnyExcept((byte)0));
        Assert.Equal(0xAA, _volume.At(12, 1)[0]);

        list[31] = 0xFF;
        list[30] = 0xFF;
        _volume.At(0, 32).Fill(0xAA);
        Assert.Equal(0x052100, _runner.Run("42 00 00000000 00 0028 00", list).SenseCode);
        Assert.Equal(0xAA, _volume.At(1, 1)[0]);
    }

    [Fact]
    public void Thick_SaysThatItIsFullyProvisioned_AndHasNoUnmap()
    {
        var thick = new CommandRunner(new RamVolume(2048, thin: false));
        Assert.Equal(0, thick.Run("9E 10 0000000000000000 00000020 00 00").DataIn[14]);
        Assert.Equal([0, 0], thick.Run("12 01 B2 00 FF 00").DataIn[5..7]);
        Assert.All(thick.Run("12 01 B0 00 FF 00").DataIn[20..36], value => Assert.Equal(0, value));
        Assert.Equal(0x052000, thick.Run("42 00 00000000 00 0018 00", new byte[24]).SenseCode);
        Assert.Equal(0, thick.Run("93 08 0000000000000000 00000008 00 00", new byte[512]).SenseCode);
        Assert.Equal([0xC0], _runner.Run("9E 10 0000000000000000 00000020 00 00").DataIn[14..15]);
        Assert.Equal([0xE4, 0x02], _runner.Run("12 01 B2 00 FF 00").DataIn[5..7]);
    }

    [Fact]
    public void WriteSame_PatternZeroesAndNoData_FillTheRange()
    {
        byte[] pattern = Pattern(512);
        Assert.Equal(ScsiStatus.Good, _runner.Run("41 00 00000000 00 0400 00", pattern).Status);
        for (int lba = 0; lba < 1024; lba += 127) Assert.Equal(pattern, _volume.At(lba, 1).ToArray());
        Assert.False(_volume.At(1024, 1).ContainsAnyExcept((byte)0));
        Assert.Equal(ScsiStatus.Good, _runner.Run("93 09 0000000000000000 00000010 00 00").Status);
        Assert.False(_volume.At(0, 16).ContainsAnyExcept((byte)0));
        Assert.Equal(pattern, _volume.At(16, 1).ToArray());
        Assert.Equal(0x052400, _runner.Run("41 00 00000000 00 0000 00", pattern).SenseCode);
    }

    [Fact]
    public void Verify_ByteCheck_FindsTheFirstDifference()
    {
        byte[] data = Pattern(512 * 1024);
        Assert.Equal(ScsiStatus.Good, _runner.Run("2E 02 00000000 00 0400 00", data).Status);
        Assert.Equal(ScsiStatus.Good, _runner.Run("2F 02 00000000 00 0400 00", data).Status);
        data[300_001] ^= 1;
        Assert.Equal(0x0E1D00, _runner.Run("2F 02 00000000 00 0400 00", data).SenseCode);
        Assert.Equal(300_001u, BinaryPrimitives.ReadUInt32BigEndian(_runner.Sense.AsSpan(3)));
        Assert.Equal(ScsiStatus.Good, _runner.Run("2F 00 00000000 00 0400 00").Status);
    }

    [Fact]
    public void ModeSelect_SameValues_IsAcceptedAndOtherValuesAreNot()
    {
        byte[] list = _runner.Run("1A 08 3F 00 FF 00").DataIn;
        Assert.Equal(60, list.Length);
        list[0] = list[2] = 0;
        Assert.Equal(ScsiStatus.Good, _runner.Run("15 10 00 00 3C 00", list).Status);
        list[18] ^= 0x04;
        Assert.Equal(0x052600, _runner.Run("15 10 00 00 3C 00", list).SenseCode);
        Assert.Equal(18, BinaryPrimitives.ReadUInt16BigEndian(_runner.Sense.AsSpan(16)));
        Assert.Equal(0x053900, _runner.Run("1A 08 FF 00 FF 00").SenseCode);
    }

    [Fact]
    [Trait("clause", "SPC-4, control mode page")]
    public void ControlModePage_SaysThatAbortedCommandsAreAnswered() => Assert.Equal(0x40, _runner.Run("1A 08 0A 00 FF 00").DataIn[4 + 5]);

    [Fact]
    public void ReportLuns_SeveralLuns_ListsThemInOrder()
    {
        _runner.Nexus.Map(3, _runner.Unit, readOnly: false);
        byte[] list = _runner.Run("A0 00 00 000000 00000100 00 00").DataIn;
        Assert.Equal("0000001000000000" + "0000000000000000" + "0003000000000000", Convert.ToHexString(list));
    }

    [Fact]
    public void UnitAttention_ChangesOfLunsCapacityAndReset_AreEachToldOnce()
    {
        _runner.Nexus.ReportLunsChanged();
        Assert.Equal(0x063F0E, _runner.Run("00 00 00 00 00 00").SenseCode);
        _runner.Unit.Reset();
        Assert.Equal(0x062903, _runner.Run("00 00 00 00 00 00").SenseCode);
        _volume.Shrink(1024);
        byte[] sense = _runner.Run("03 00 00 00 FF 00").DataIn;
        Assert.Equal((0x06, 0x2A, 0x09), (sense[2], sense[12], sense[13]));
        Assert.Equal(0, _runner.Run("00 00 00 00 00 00").SenseCode);
    }

    [Fact]
    public void ReportSupportedOperationCodes_AllAndOne_ComeFromTheTable()
    {
        byte[] all = _runner.Run("A3 0C 00 00 0000 00001000 00 00").DataIn;
        Assert.Equal(CommandTable.All.Count(row => row.IsOffered(_runner.Unit)) * 8, all.Length - 4);
        byte[] one = _runner.Run("A3 0C 01 28 0000 00001000 00 00").DataIn;
        Assert.Equal("0003000A2818FFFFFFFF1FFFFF00", Convert.ToHexString(one));
        Assert.Equal(1, _runner.Run("A3 0C 01 C1 0000 00001000 00 00").DataIn[1]);
    }

    [Fact]
    public void Abort_WhileTheVolumeWorks_EndsWhenItIsDone()
    {
        _volume.Hold = true;
        _runner.Run("2A 00 00000000 00 0001 00", Pattern(512));
        Assert.False(_runner.Completed);
        _volume.CompleteOne();
        Assert.True(_runner.Completed);
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)((i * 31) + (i >> 9) + 1);
        return bytes;
    }
}
