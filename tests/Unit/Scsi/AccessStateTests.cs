using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>What runs through a target port in each asymmetric access state (SPC-4), and how a change is told.</summary>
[Trait("clause", "SPC-4, asymmetric access states")]
public sealed class AccessStateTests
{
    private const string Ready = "00 00 00 00 00 00", Groups = "A3 0A 00 00 00 00 00000100 00 00";
    private readonly CommandRunner _runner = new(new RamVolume(2048));

    [Theory]
    [InlineData(AsymmetricAccessState.Standby, 0x02040B)]
    [InlineData(AsymmetricAccessState.Unavailable, 0x02040C)]
    [InlineData(AsymmetricAccessState.Transitioning, 0x02040A)]
    public void Command_ThatMovesBlocksOrAsksForReadiness_IsNotReady(AsymmetricAccessState state, int sense)
    {
        Show(state);
        foreach (string cdb in (string[])[Ready, "28 00 00000000 00 0001 00", "25 00 00000000 000000 00", "35 00 00000000 00 0000 00", "16 00 00 00 00 00"])
            Assert.Equal(sense, _runner.Run(cdb).SenseCode);
        Assert.Equal(sense, _runner.Run("2A 00 00000000 00 0001 00", new byte[512]).SenseCode);
        byte[] pollable = _runner.Run("03 00 00 00 12 00").DataIn;
        Assert.Equal(sense, (pollable[2] << 16) | (pollable[12] << 8) | pollable[13]);
    }

    [Theory]
    [InlineData("12 00 00 00 60 00", true, true)]                    // INQUIRY
    [InlineData("A0 00 00 000000 00000100 00 00", true, true)]       // REPORT LUNS
    [InlineData("03 00 00 00 12 00", true, true)]                    // REQUEST SENSE
    [InlineData(Groups, true, true)]                                 // REPORT TARGET PORT GROUPS
    [InlineData("1A 08 3F 00 FF 00", true, false)]                   // MODE SENSE
    [InlineData("15 10 00 00 00 00", true, false)]                   // MODE SELECT
    [InlineData("4D 00 40 00 00 0000 00FF 00", true, false)]         // LOG SENSE
    [InlineData("5E 00 00 00 00 00 00 0100 00", true, false)]        // PERSISTENT RESERVE IN
    [InlineData("28 00 00000000 00 0001 00", false, false)]          // READ
    [InlineData("A3 0C 00 00 0000 00001000 00 00", false, false)]    // REPORT SUPPORTED OPERATION CODES
    public void Command_ThatThePortAnswersInItsState_IsAnswered(string cdb, bool standby, bool unavailable)
    {
        Show(AsymmetricAccessState.ActiveNonOptimized);
        Assert.Equal(ScsiStatus.Good, _runner.Run(cdb).Status);
        Show(AsymmetricAccessState.Standby);
        Assert.Equal(standby ? ScsiStatus.Good : ScsiStatus.CheckCondition, _runner.Run(cdb).Status);
        Show(AsymmetricAccessState.Unavailable);
        Assert.Equal(unavailable ? ScsiStatus.Good : ScsiStatus.CheckCondition, _runner.Run(cdb).Status);
        Show(AsymmetricAccessState.Transitioning);
        Assert.Equal(unavailable ? ScsiStatus.Good : ScsiStatus.CheckCondition, _runner.Run(cdb).Status);
    }

    [Fact]
    public void PersistentReservation_RegisteredThroughAStandbyPort_Counts()
    {
        Show(AsymmetricAccessState.Standby);
        byte[] list = new byte[24];
        list[15] = 7;
        Assert.Equal(ScsiStatus.Good, _runner.Run("5F 00 00 00 00 00000018 00", list).Status);
        Assert.Equal(7, _runner.Run("5E 00 00 00 00 00 00 0100 00").DataIn[15]);
    }

    [Fact]
    public void Groups_ThatAreReported_HaveTheirStates()
    {
        _runner.Nexus.ShowTargetPorts([new(1), new(2, AsymmetricAccessState.ActiveNonOptimized), new(5, AsymmetricAccessState.Transitioning)]);
        const string first = "808F0001" + "00000001" + "00000001", second = "018F0002" + "00000001" + "00000002", third = "0F8F0005" + "00000001" + "00000005";
        Assert.Equal("00000024" + first + second + third, Convert.ToHexString(_runner.Run(Groups).DataIn));
    }

    [Fact]
    public void Change_OfAnyPort_IsToldOnceByEachLogicalUnit_AndNoChangeIsNot()
    {
        _runner.Nexus.ShowTargetPorts([new(1), new(2)]);
        _runner.Nexus.Map(1, _runner.Unit, readOnly: false);
        _runner.Run(Ready, lun: 1UL << 48);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
        _runner.Nexus.ShowTargetPorts([new(1), new(2, AsymmetricAccessState.Standby)]);
        Assert.Equal(0x062A06, _runner.Run(Ready).SenseCode);
        Assert.Equal(0x062A06, _runner.Run(Ready, lun: 1UL << 48).SenseCode);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
        _runner.Nexus.ShowTargetPorts([new(1), new(2, AsymmetricAccessState.Standby)]);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
    }

    [Fact]
    public void SetTargetPortGroups_IsRefused_AsInquirySays()
    {
        Assert.Equal(0x10, _runner.Run("12 00 00 00 60 00").DataIn[5] & 0x30); // TPGS 01b: implicit only
        Assert.Equal(0x052000, _runner.Run("A4 0A 00 00 00 00 00000008 00 00", new byte[8]).SenseCode);
    }

    // The attention is another test's matter.
    private void Show(AsymmetricAccessState state)
    {
        _runner.Nexus.ShowTargetPorts([new TargetPort(1, state)]);
        _runner.Run("03 00 00 00 12 00");
    }
}
