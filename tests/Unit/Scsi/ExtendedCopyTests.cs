using System.Buffers.Binary;
using VSan.Block;
using VSan.Scsi;
using VSan.Scsi.Copy;
using VSan.Tests.Unit.Scsi.Reservations;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

[Trait("clause", "SPC-4, EXTENDED COPY")]
public sealed class ExtendedCopyTests
{
    private const string OtherNaa = "6bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string OwnNaa = "6aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const int ThirdPartyFailure = 0x0A0D01, NotReachable = 0x0A0D02;

    private readonly RamVolume _volume = new(4096);
    private readonly RamVolume _otherVolume = new(4096);
    private readonly CommandRunner _runner;
    private readonly LogicalUnit _other;

    public ExtendedCopyTests()
    {
        _runner = new CommandRunner(_volume);
        _other = new LogicalUnit(_otherVolume, new LogicalUnitIdentity(OtherNaa, "S2"), writeCache: true);
        _runner.Nexus.Map(1, _other, readOnly: false);
        _runner.Run("00 00 00 00 00 00", lun: 1UL << 48);
        for (int lba = 0; lba < 4096; lba++) _volume.At(lba, 1).Fill((byte)(1 + (lba % 251)));
    }

    [Fact]
    public void ExtendedCopy_GoldenList_CopiesTheBlocks()
    {
        const string list = "01 00 0040 00000000 0000001C 00000000"
            + "E4 00 0000 01 03 00 10 6AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA 00000000 00000200"
            + "E4 00 0000 01 03 00 10 6BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB 00000000 00000200"
            + "02 00 0018 0000 0001 0000 0005 0000000000000007 0000000000000009";
        Assert.Equal(0, Copy(Convert.FromHexString(list.Replace(" ", "", StringComparison.Ordinal))));
        Assert.Equal(_volume.At(7, 5).ToArray(), _otherVolume.At(9, 5).ToArray());
        Assert.Equal((0, 0), (_otherVolume.At(8, 1)[0], _otherVolume.At(14, 1)[0]));
        Assert.Equal("00000008" + "01" + "0001" + "00" + "00000A00", Convert.ToHexString(_runner.Run("84 00 01 00000000000000 00000100 00 00").DataIn));
        Assert.Equal(0x052400, _runner.Run("84 04 01 00000000000000 00000100 00 00").SenseCode);
        Assert.Equal(0x052400, _runner.Run("84 00 02 00000000000000 00000100 00 00").SenseCode);
    }

    [Theory]
    [InlineData(100, 0, 1500)]
    [InlineData(0, 100, 1500)]
    [InlineData(0, 700, 1500)]
    [InlineData(5, 5, 10)]
    public void ExtendedCopy_OverlappingOnOneUnit_CopiesAsIfReadBefore(int from, int to, int blocks)
    {
        byte[] before = _volume.At(from, blocks).ToArray();
        Assert.Equal(0, Copy(List(OwnNaa, OwnNaa, (from, to, blocks))));
        Assert.Equal(before, _volume.At(to, blocks).ToArray());
    }

    [Fact]
    public void ExtendedCopy_UnitThatTheNexusDoesNotSee_IsNotReachable()
    {
        _runner.Nexus.Unmap(1);
        Assert.Equal(NotReachable, Copy(List(OwnNaa, OtherNaa, (0, 0, 8))));
        Assert.False(_otherVolume.At(0, 8).ContainsAnyExcept((byte)0));
        _runner.Nexus.Map(1, _other, readOnly: false);
        _runner.Run("00 00 00 00 00 00", lun: 1UL << 48);
        Assert.Equal(0, Copy(List(OwnNaa, OtherNaa, (0, 0, 8))));
    }

    [Fact]
    public void ExtendedCopy_DestinationProtectedOrReservedByAnother_WritesNothing()
    {
        _runner.Nexus.Map(1, _other, readOnly: true);
        Assert.Equal(ThirdPartyFailure, Copy(List(OwnNaa, OtherNaa, (0, 0, 8))));
        _runner.Nexus.Map(1, _other, readOnly: false);
        var holder = new CommandRunner(_runner, ringIndex: 1);
        holder.Nexus.Map(1, _other, readOnly: false);
        holder.Run("00 00 00 00 00 00", lun: 1UL << 48);
        holder.Run("16 00 00 00 00 00", lun: 1UL << 48);
        Assert.Equal(ThirdPartyFailure, Copy(List(OwnNaa, OtherNaa, (0, 0, 8))));
        Assert.False(_otherVolume.At(0, 8).ContainsAnyExcept((byte)0));
        byte[] details = _runner.Run("84 04 01 00000000000000 00000100 00 00").DataIn;
        Assert.Equal((2, 18, 0x0A, 0x0D, 0x01), (details[56], details[59], details[62], details[72], details[73]));
        holder.Run("17 00 00 00 00 00", lun: 1UL << 48);
        Assert.Equal(0, Copy(List(OwnNaa, OtherNaa, (0, 0, 8))));
    }

    [Fact]
    public void ExtendedCopy_TwoThatCross_BothEnd()
    {
        var beside = new CommandRunner(_runner, ringIndex: 1);
        beside.Nexus.Map(1, _other, readOnly: false);
        beside.Run("00 00 00 00 00 00", lun: 1UL << 48);
        (_volume.Hold, _otherVolume.Hold) = (true, true);
        Copy(List(OwnNaa, OtherNaa, (0, 2048, 1500)));
        beside.Run(Cdb(List(OtherNaa, OwnNaa, (0, 2048, 1500))), List(OtherNaa, OwnNaa, (0, 2048, 1500)), lun: 1UL << 48);
        var atomic = new CommandRunner(_runner, ringIndex: 2);
        atomic.Run("89 00 0000000000000000 000000 01 00 00", new byte[1024]);
        for (int steps = 0; _volume.HeldCount + _otherVolume.HeldCount > 0; steps++)
        {
            Assert.True(steps < 100);
            if (_volume.HeldCount > 0) _volume.CompleteOne();
            if (_otherVolume.HeldCount > 0) _otherVolume.CompleteOne();
        }

        Assert.Equal((0, 0), (ReservationBench.Outcome(_runner), ReservationBench.Outcome(beside)));
        Assert.True(atomic.Completed && beside.Completed && _runner.Completed);
    }

    [Fact]
    public void ExtendedCopy_Aborted_StopsAtItsChunkAndLeavesTheGate()
    {
        _otherVolume.Hold = true;
        Copy(List(OwnNaa, OtherNaa, (0, 0, 1500)));
        Assert.False(_runner.Abort());
        _otherVolume.CompleteOne();
        Assert.Equal((true, ScsiStatus.TaskAborted), (_runner.Completed, _runner.Status));
        Assert.Equal(0, _otherVolume.HeldCount);
        _otherVolume.Hold = false;
        Assert.Equal(2, _runner.Run("84 00 01 00000000000000 00000100 00 00").DataIn[4]);
        Assert.Equal(0x0E1D00, _runner.Run("89 00 0000000000000000 000000 01 00 00", new byte[1024], lun: 1UL << 48).SenseCode);
    }

    [Theory]
    [InlineData(4090, 0, 8, 0x0A0000)]
    [InlineData(0, 4090, 8, 0x0A0000)]
    public void ExtendedCopy_BeyondAnEnd_IsAborted(int from, int to, int blocks, int sense) =>
        Assert.Equal(sense, Copy(List(OwnNaa, OtherNaa, (from, to, blocks))));

    [Fact]
    public void ExtendedCopy_OneDescriptorTooMany_IsRefused()
    {
        var segments = Enumerable.Repeat((0, 0, 1), CopyLimits.SegmentsMax).ToArray();
        Assert.Equal(0, Copy(List(OwnNaa, OtherNaa, segments)));
        Assert.Equal(0x052608, Copy(List(OwnNaa, OtherNaa, [.. segments, (0, 0, 1)])));
        string[] ends = [.. Enumerable.Repeat(OwnNaa, CopyLimits.DescriptorsMax)];
        Assert.Equal(0, Copy(List(ends, [(0, 0, 1)])));
        Assert.Equal(0x052606, Copy(List([.. ends, OwnNaa], [(0, 0, 1)])));
    }

    [Fact]
    public void CopyStatus_OneCopyTooMany_ForgetsTheOldest()
    {
        byte[] list = List(OwnNaa, OtherNaa, (0, 0, 1));
        for (byte id = 1; id <= CopyLimits.RecordsMax + 1; id++)
        {
            list[0] = id;
            Assert.Equal(0, Copy(list));
        }

        Assert.Equal(0x052400, _runner.Run("84 00 01 00000000000000 00000100 00 00").SenseCode);
        Assert.Equal(ScsiStatus.Good, _runner.Run("84 00 02 00000000000000 00000100 00 00").Status);
    }

    [Fact]
    public void ExtendedCopy_SecondSegmentFails_NamesItInTheCommandSpecificInformation()
    {
        _volume.Hold = true;
        byte[] list = List(OwnNaa, OtherNaa, (0, 0, 8), (16, 16, 8));
        _runner.Run(Cdb(list), list);
        _volume.CompleteOne();
        _volume.Fail = BlockStatus.MediumError;
        _volume.CompleteOne();
        Assert.Equal(ThirdPartyFailure, _runner.SenseCode);
        Assert.Equal("00000001", Convert.ToHexString(_runner.Sense[8..12]));
        Assert.Equal("00000001", Convert.ToHexString(_runner.Run("84 04 01 00000000000000 00000100 00 00").DataIn[68..72]));
    }

    private int Copy(byte[] list) => ReservationBench.Outcome(_runner.Run(Cdb(list), list));

    private static string Cdb(byte[] list) => $"83 00 0000000000000000 {list.Length:X8} 00 00";

    private static byte[] List(string from, string to, params (int From, int To, int Blocks)[] segments) => List([from, to], segments);

    private static byte[] List(string[] ends, (int From, int To, int Blocks)[] segments)
    {
        byte[] list = new byte[16 + (ends.Length * 32) + (segments.Length * 28)];
        list[0] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(2), (ushort)(ends.Length * 32));
        BinaryPrimitives.WriteInt32BigEndian(list.AsSpan(8), segments.Length * 28);
        int at = 16;
        foreach (string naa in ends)
        {
            (list[at], list[at + 4], list[at + 5], list[at + 7], list[at + 30]) = (0xE4, 1, 3, 16, 2);
            Convert.FromHexString(naa).CopyTo(list, at + 8);
            at += 32;
        }

        foreach ((int from, int to, int blocks) in segments)
        {
            (list[at], list[at + 3], list[at + 7]) = (2, 0x18, (byte)Math.Min(1, ends.Length - 1));
            BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(at + 10), (ushort)blocks);
            BinaryPrimitives.WriteInt64BigEndian(list.AsSpan(at + 12), from);
            BinaryPrimitives.WriteInt64BigEndian(list.AsSpan(at + 20), to);
            at += 28;
        }

        return list;
    }
}
