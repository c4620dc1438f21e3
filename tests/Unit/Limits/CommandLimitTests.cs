using System.Buffers.Binary;
using VSan.Tests.Unit.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Limits;

/// <summary>What docs/limits.md says of commands, at each bound and one past it; a sense code of 0 is GOOD.</summary>
public sealed class CommandLimitTests
{
    private const int InvalidFieldInCdb = 0x052400, InvalidFieldInParameters = 0x052600, LunNotSupported = 0x052500, CopyAborted = 0x0A0000;

    [Theory]
    [InlineData(0x2000, 0)]
    [InlineData(0x2001, InvalidFieldInCdb)]
    public void Transfer_Of4MiB_IsTheLargest(int blocks, int sense)
    {
        var runner = new CommandRunner(new RamVolume(16384));
        Assert.Equal(sense, runner.Run($"28 00 00000000 00 {blocks:X4} 00").SenseCode);
        Assert.Equal(sense, runner.Run($"2A 00 00000000 00 {blocks:X4} 00", new byte[blocks * 512]).SenseCode);
    }

    [Theory]
    [InlineData(0xFFFF, 0)]
    [InlineData(0x10000, InvalidFieldInCdb)]
    public void WriteSame_Of65535Blocks_IsTheLargest(int blocks, int sense) =>
        Assert.Equal(sense, new CommandRunner(new RamVolume(0x10000)).Run($"93 00 0000000000000000 {blocks:X8} 00 00", new byte[512]).SenseCode);

    [Theory]
    [InlineData(255, 0)]
    [InlineData(256, InvalidFieldInCdb)]
    public void Unmap_Of255Descriptors_IsTheLargest(int descriptors, int sense)
    {
        byte[] list = new byte[8 + (16 * descriptors)];
        BinaryPrimitives.WriteUInt16BigEndian(list, (ushort)(list.Length - 2));
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(2), (ushort)(16 * descriptors));
        Assert.Equal(sense, new CommandRunner(new RamVolume(64)).Run($"42 00 00000000 00 {list.Length:X4} 00", list).SenseCode);
    }

    [Theory]
    [InlineData(0x00FF, 0)]
    [InlineData(0x4100, LunNotSupported)]
    public void Lun_255_IsTheLast(int field, int sense)
    {
        var runner = new CommandRunner(new RamVolume(64));
        runner.Nexus.Map(255, runner.Unit, readOnly: false);
        runner.Run("00 00 00 00 00 00", lun: 255UL << 48);
        Assert.Equal(sense, runner.Run("00 00 00 00 00 00", lun: (ulong)field << 48).SenseCode);
    }

    // The segments leave the volume, which is found behind the check of their length.
    [Theory]
    [InlineData(0x2000, CopyAborted)]
    [InlineData(0x2001, InvalidFieldInParameters)]
    public void CopySegment_Of32MiB_IsTheLargest(int blocks, int sense)
    {
        var runner = new CommandRunner(new RamVolume(64, blockSize: 4096));
        byte[] list = new byte[16 + 32 + 28];
        (list[3], list[11]) = (32, 28);
        (list[16], list[20], list[21], list[23], list[46]) = (0xE4, 1, 3, 16, 0x10);
        Convert.FromHexString("6" + new string('a', 31)).CopyTo(list, 24);
        (list[48], list[51]) = (0x02, 0x18);
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(58), (ushort)blocks);
        Assert.Equal(sense, runner.Run($"83 00 00000000 00000000 {list.Length:X8} 00 00", list).SenseCode);
    }
}
