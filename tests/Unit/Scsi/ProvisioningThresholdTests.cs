using VSan.Block;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>Thin provisioning: the soft threshold, its pages and its unit attention (SBC-3, logical block provisioning thresholds).</summary>
public sealed class ProvisioningThresholdTests
{
    private const long Set = ProvisioningThreshold.SetBytes;
    private const int Reached = 0x063807, ParametersChanged = 0x062A01;
    private const string Ready = "00 00 00 00 00 00";

    // 1,000 sets, of which 10 % is a threshold of 100.
    private static readonly VolumeSpace Roomy = new(UsedBytes: 5 * Set, AvailableBytes: 500 * Set, StoreBytes: 1000 * Set);
    private readonly CommandRunner _runner = new(new RamVolume(2048), space: Roomy);
    private readonly CommandRunner _other;

    public ProvisioningThresholdTests()
    {
        _runner.Unit.PlaceThreshold(10);
        Assert.Equal(ParametersChanged, _runner.Run(Ready).SenseCode);
        _other = new CommandRunner(_runner, ringIndex: 1);
    }

    [Fact]
    public void Space_BelowTheThreshold_IsToldOnceToEveryNexus()
    {
        Assert.Equal(ThresholdCrossing.Reached, Observe(99 * Set));
        Assert.Equal(ThresholdCrossing.None, Observe(98 * Set));
        Assert.Equal(Reached, _runner.Run(Ready).SenseCode);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
        byte[] sense = _other.Run("03 00 00 00 FF 00").DataIn;
        Assert.Equal((0x06, 0x38, 0x07), (sense[2], sense[12], sense[13]));
        Assert.Equal(0, _other.Run(Ready).SenseCode);
        Assert.True(_runner.Unit.Threshold!.IsReached);
    }

    [Fact]
    public void Space_HoveringAtTheThreshold_IsToldAgainOnlyAfterItWasAboveTheRange()
    {
        Assert.Equal(ThresholdCrossing.None, Observe((100 * Set) - (Set / 4)));
        Assert.Equal(ThresholdCrossing.Reached, Observe((100 * Set) - (Set / 2) - 1));
        Assert.Equal(ThresholdCrossing.None, Observe((100 * Set) + (Set / 4)));
        Assert.Equal(ThresholdCrossing.Left, Observe((100 * Set) + (Set / 2)));
        Assert.Equal(ThresholdCrossing.Reached, Observe(0));
        Assert.Equal(Reached, _runner.Run(Ready).SenseCode);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
    }

    [Fact]
    public void Page_CurrentChangeableAndDefault_AreThoseOfTheStandard()
    {
        const string header = "5C02" + "0014" + "000000000000000000000000";
        Assert.Equal(header + "80010000" + "00000064", Page("1A 08 1C 02 FF 00"));
        Assert.Equal(header + "80000000" + "FFFFFFFF", Page("1A 08 5C 02 FF 00"));
        Assert.Equal(header + "80010000" + "00000064", Page("1A 08 9C 02 FF 00"));
        Assert.Equal("010A" + "00000000" + "0080" + "00000000", Page("1A 08 01 00 FF 00"));
        Assert.Equal("010A" + "00000000" + "0080" + "00000000", Page("1A 08 41 00 FF 00"));
        Assert.Equal(60 + 24, _runner.Run("1A 08 3F FF FF 00").DataIn.Length);
        Assert.Equal(60, _runner.Run("1A 08 3F 00 FF 00").DataIn.Length);
        Assert.Equal(4 + 12 + 24, _runner.Run("1A 08 1C FF FF 00").DataIn.Length);
        Assert.Equal(0x052400, _runner.Run("1A 08 1C 03 FF 00").SenseCode);
        Assert.Equal([0xC0, 0x00, 0x03], _runner.Sense[15..18]);
    }

    [Fact]
    public void ModeSelect_OfTheCount_MovesTheThresholdUntilAReset()
    {
        byte[] list = _runner.Run("1A 08 1C 02 FF 00").DataIn;
        (list[0], list[2]) = (0, 0);
        (list[26], list[27]) = (1, 0x90); // 400 sets
        Assert.Equal(ScsiStatus.Good, _runner.Run("15 10 00 00 1C 00", list).Status);
        Assert.Equal(ParametersChanged, _other.Run(Ready).SenseCode);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
        Assert.Equal(400 * Set, _runner.Unit.ThresholdBytes);
        Assert.Equal(ThresholdCrossing.Reached, Observe(399 * Set));
        _runner.Unit.Reset();
        Assert.Equal(100 * Set, _runner.Unit.ThresholdBytes);
        Assert.Equal(ThresholdCrossing.Left, Observe(399 * Set));
    }

    [Theory]
    [InlineData(8, 0x01)]  // SITUA
    [InlineData(20, 0x01)] // arming: increasing
    [InlineData(21, 0x03)] // resource: used
    public void ModeSelect_OfWhatIsFixed_IsRefusedAtItsByte(int at, byte bits)
    {
        byte[] list = _runner.Run("1A 08 1C 02 FF 00").DataIn;
        (list[0], list[2]) = (0, 0);
        list[at] ^= bits;
        Assert.Equal(0x052600, _runner.Run("15 10 00 00 1C 00", list).SenseCode);
        Assert.Equal([0x80, 0x00, (byte)at], _runner.Sense[15..18]);
        Assert.Equal(100 * Set, _runner.Unit.ThresholdBytes);
    }

    [Theory]
    [InlineData("1A 08 01 00 FF 00", "15 10 00 00 10 00", 11)]  // LBPERE
    [InlineData("1A 08 1C 02 FF 00", "15 10 00 00 1C 00", 20)]  // ENABLED
    public void ModeSelect_ThatSwitchesItOff_KeepsInitiatorsUntold(string sense, string select, int at)
    {
        byte[] list = _runner.Run(sense).DataIn;
        (list[0], list[2]) = (0, 0);
        list[at] &= 0x7F;
        Assert.Equal(ScsiStatus.Good, _runner.Run(select, list).Status);
        Observe(0);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
    }

    [Fact]
    public void LogPage_TellsWhatIsAvailableAndUsedInSets_FromTheParameterAskedFor()
    {
        Observe(7 * Set);
        const string available = "0001" + "03" + "08" + "00000007" + "02000000", used = "0002" + "03" + "08" + "00000005" + "01000000";
        Assert.Equal(Reached, _runner.Run(Ready).SenseCode);
        Assert.Equal("00000002" + "000C", Convert.ToHexString(_runner.Run("4D 00 40 00 00 0000 00FF 00").DataIn));
        Assert.Equal("0C000018" + available + used, Convert.ToHexString(_runner.Run("4D 00 4C 00 00 0000 00FF 00").DataIn));
        Assert.Equal("0C00000C" + used, Convert.ToHexString(_runner.Run("4D 00 4C 00 00 0002 00FF 00").DataIn));
        Assert.Equal(0x052400, _runner.Run("4D 00 4C 00 00 0003 00FF 00").SenseCode);
        Assert.Equal([0xC0, 0x00, 0x05], _runner.Sense[15..18]);
        Assert.Equal(0x052400, _runner.Run("4D 00 4D 00 00 0000 00FF 00").SenseCode);
    }

    [Fact]
    public void VitalProductData_TellsTheThresholdSet() => Assert.Equal(15, _runner.Run("12 01 B2 01 00 00").DataIn[4]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void VolumeWithoutThinSpace_HasNoThresholdAndSaysSo(bool thin)
    {
        var runner = new CommandRunner(new RamVolume(2048, thin: thin), space: thin ? null : Roomy);
        runner.Unit.PlaceThreshold(10);
        Assert.Equal(ThresholdCrossing.None, runner.Unit.Observe(Roomy with { AvailableBytes = 0 }));
        Assert.Equal(0, runner.Run("12 01 B2 01 00 00").DataIn[4]);
        Assert.Equal("00000001" + "00", Convert.ToHexString(runner.Run("4D 00 40 00 00 0000 00FF 00").DataIn));
        Assert.Equal(0x052400, runner.Run("4D 00 4C 00 00 0000 00FF 00").SenseCode);
        Assert.Equal(0x052400, runner.Run("1A 08 1C 02 FF 00").SenseCode);
        Assert.Equal("010A" + "00000000" + "0000" + "00000000", Convert.ToHexString(runner.Run("1A 08 41 00 FF 00").DataIn[4..]));
    }

    [Fact]
    public void PlaceThreshold_Again_IsAChangeOfParametersThatKeepsSoftwareWriteProtection()
    {
        byte[] list = _runner.Run("1A 08 0A 00 FF 00").DataIn;
        (list[0], list[2]) = (0, 0);
        list[8] |= 0x08;
        Assert.Equal(ScsiStatus.Good, _runner.Run("15 10 00 00 10 00", list).Status);
        _runner.Unit.PlaceThreshold(20);
        Assert.Equal(ParametersChanged, _runner.Run(Ready).SenseCode);
        Assert.Equal(0x072702, _runner.Run("2A 00 00000000 00 0001 00", new byte[512]).SenseCode);
        Assert.Equal(200 * Set, _runner.Unit.ThresholdBytes);
        _runner.Unit.PlaceThreshold(20);
        Assert.Equal(0, _runner.Run(Ready).SenseCode);
    }

    private ThresholdCrossing Observe(long available) => _runner.Unit.Observe(Roomy with { AvailableBytes = available });

    private string Page(string cdb) => Convert.ToHexString(_runner.Run(cdb).DataIn[4..]);
}
