using VSan.BlockServer.Configuration;
using VSan.Contracts.BlockServer;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

public sealed class ConfigurationCheckTests
{
    private static readonly VolumeConfiguration Volume = new(
        new Guid(1, 0, 0, new byte[8]), VolumeKind.Memory, null, 1024 * 1024, 512, true, true, "60000000000000000000000000000001", "S1");

    private static readonly AccessConfiguration Access = new("*", null, [new LogicalUnitConfiguration(0, Volume.Id, false)]);

    private static readonly BlockServerConfiguration Good = new(
        1, ["127.0.0.1:3260", "[::1]:3260"], [Volume], [new TargetConfiguration("iqn.2026-11.io.vsan-appliance:t", [Access])]);

    [Fact]
    public void Configuration_Good_HasNoError() => Assert.Null(ConfigurationCheck.FirstErrors(Good));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("127.0.0.1:99999")]
    public void Portal_WithoutAGoodPort_IsAnError(string portal)
        => Assert.Contains(portal, ConfigurationCheck.FirstErrors(Good with { Portals = [portal] }), StringComparison.Ordinal);

    [Fact]
    public void Volume_Wrong_IsNamed()
    {
        Assert.Contains("occurs 2", Errors(Volume, Volume), StringComparison.Ordinal);
        Assert.Contains("NAA", Errors(Volume with { Naa = "50000000000000000000000000000001" }), StringComparison.Ordinal);
        Assert.Contains("block size", Errors(Volume with { BlockSizeBytes = 0 }), StringComparison.Ordinal);
        Assert.Contains("bytes", Errors(Volume with { SizeBytes = 1000 }), StringComparison.Ordinal);
        Assert.Contains("soft threshold", Errors(Volume with { SoftThresholdPercent = 100 }), StringComparison.Ordinal);
        Assert.Contains("absolute path", Errors(Volume with { Kind = VolumeKind.File }), StringComparison.Ordinal);
        Assert.Contains("below /dev", Errors(Volume with { Kind = VolumeKind.Device, Path = "/srv/disk" }), StringComparison.Ordinal);
        Assert.Contains("only a device", Errors(Volume with { DeviceIdentity = "naa.5000c50015ea71ac" }), StringComparison.Ordinal);
        Assert.Null(Errors(Volume with { Kind = VolumeKind.Device, Path = "/dev/sdb", DeviceIdentity = "naa.5000c50015ea71ac" }));
    }

    [Fact]
    public void LogicalUnit_OfNoVolume_IsAnError() => Assert.Contains("which is not there", ConfigurationCheck.FirstErrors(Good with { Volumes = [] }), StringComparison.Ordinal);

    [Fact]
    public void Chap_ShortSecret_IsAnErrorThatDoesNotShowIt()
    {
        AccessConfiguration access = Access with { Chap = new ChapCredential("user", "hunter2") };
        string? error = ConfigurationCheck.FirstErrors(Good with { Targets = [Good.Targets[0] with { Access = [access] }] });
        Assert.Contains("CHAP", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact, Trait("clause", "RFC 7143, 9.2.1")]
    public void Chap_BothDirectionsWithOneSecret_IsAnErrorThatDoesNotShowIt()
    {
        AccessConfiguration access = Access with { Chap = new ChapCredential("user", "a-secret-of-many"), TargetChap = new ChapCredential("target", "a-secret-of-many") };
        string? error = ConfigurationCheck.FirstErrors(Good with { Targets = [Good.Targets[0] with { Access = [access] }] });
        Assert.Contains("both directions", error, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", error, StringComparison.Ordinal);
        Assert.Null(ConfigurationCheck.FirstErrors(Good with
        {
            Targets = [Good.Targets[0] with { Access = [access with { TargetChap = new ChapCredential("target", "another-secret") }] }],
        }));
    }

    [Fact]
    public void Chap_OfTheTargetAlone_IsAnError()
    {
        AccessConfiguration access = Access with { TargetChap = new ChapCredential("target", "a-secret-of-many") };
        Assert.Contains("targetChap needs chap", ConfigurationCheck.FirstErrors(Good with { Targets = [Good.Targets[0] with { Access = [access] }] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:3260,0")]
    [InlineData("127.0.0.1:3260,65536")]
    [InlineData("127.0.0.1:3260,x")]
    [InlineData("127.0.0.1:3260,1,2")]
    [InlineData("[fe80::1]:3260")]
    public void Portal_WithAWrongGroupOrAnAddressThatCannotBeTold_IsAnError(string portal)
        => Assert.Contains(portal, ConfigurationCheck.FirstErrors(Good with { Portals = [portal] }), StringComparison.Ordinal);

    [Fact]
    public void PortalGroup_ThatNoPortalHas_IsAnError()
    {
        BlockServerConfiguration two = Good with { Portals = ["127.0.0.1:3260", "127.0.0.2:3260,7"], Targets = [Good.Targets[0] with { PortalGroups = [7] }] };
        Assert.Null(ConfigurationCheck.FirstErrors(two));
        Assert.Contains("tag 7", ConfigurationCheck.FirstErrors(two with { Portals = ["127.0.0.1:3260"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Portal_OneAddressInTwoGroups_IsAnError()
        => Assert.Contains("portal address", ConfigurationCheck.FirstErrors(Good with { Portals = ["127.0.0.1:3260", "127.0.0.1:3260,2"] }), StringComparison.Ordinal);

    [Fact]
    public void Discovery_WithBadSecrets_IsAnErrorThatDoesNotShowThem()
    {
        string? With(ChapCredential chap, ChapCredential? targetChap = null) => ConfigurationCheck.FirstErrors(Good with { Discovery = new DiscoveryConfiguration(chap, targetChap) });
        var good = new ChapCredential("finder", "a-secret-of-many");
        Assert.Null(With(good, new ChapCredential("server", "another-secret")));
        Assert.Contains("discovery: CHAP", With(good with { Secret = "hunter2" }), StringComparison.Ordinal);
        Assert.Contains("discovery: both directions", With(good, good), StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", With(good, good), StringComparison.Ordinal);
        Assert.Contains("discovery: chap must be there", With(null!), StringComparison.Ordinal);
    }

    [Fact]
    public void PortalGroupState_OfAGroupThatDoesNotOfferTheTarget_OrGivenTwice_IsAnError()
    {
        BlockServerConfiguration two = Good with { Portals = ["127.0.0.1:3260", "127.0.0.2:3260,7"] };
        string? With(params int[] tags) => ConfigurationCheck.FirstErrors(two with
        {
            Targets = [Good.Targets[0] with { PortalGroups = [7], PortalGroupStates = [.. tags.Select(tag => new PortalGroupState(tag, AccessState.Standby))] }],
        });
        Assert.Null(With(7));
        Assert.Contains("portal group 1, which does not offer it", With(1), StringComparison.Ordinal);
        Assert.Contains("portal group 8", With(8), StringComparison.Ordinal);
        Assert.Contains("7 occurs 2 times", With(7, 7), StringComparison.Ordinal);
    }

    private static string? Errors(params VolumeConfiguration[] volumes) => ConfigurationCheck.FirstErrors(Good with { Volumes = volumes });
}
