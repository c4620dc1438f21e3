using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.Enrolment;
using VSan.UnitAgent;
using VSan.UnitAgent.Discovery;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>The places of a booted machine where something may be said of the station (docs/protocol.md, 0).</summary>
public sealed class StationSourceTests : IDisposable
{
    private static readonly Uri Station = new("https://10.0.0.1:8443");

    private readonly TemporaryDirectory _root = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Credentials_OfSystemd_NameStationAuthorityAndToken()
    {
        EnrolmentToken token = EnrolmentToken.Create();
        Write("vsan.station", $"{Station.GetLeftPart(UriPartial.Authority)}\n");
        Write("vsan.ca", $"{_authority.Fingerprint}");
        Write("vsan.token", token.Reveal());

        Assert.Equal(new StationHint(Station, _authority.Fingerprint, token), new SystemCredentials(_root.File("")).Read());
        Assert.Equal(StationHint.None, new SystemCredentials(folder: null).Read());
        Assert.Equal(StationHint.None, new SystemCredentials(_root.File("absent")).Read());
    }

    [Fact]
    public void Credentials_NotReadable_EndInsteadOfBeingIgnored()
    {
        Write("vsan.ca", "md5:12");
        Assert.Equal(ExitCode.Usage, Assert.Throws<UnitFailure>(() => new SystemCredentials(_root.File("")).Read()).Code);
    }

    [Fact]
    public void File_WithToken_NamesIt()
    {
        EnrolmentToken token = EnrolmentToken.Create();
        Write("unit.conf", $"station = {Station}\nca = {_authority.Fingerprint}\ntoken = {token.Reveal()}\n");
        Assert.Equal(new StationHint(Station, _authority.Fingerprint, token), new ConfigurationFile(_root.File("unit.conf")).Read());
    }

    [Fact]
    public void Dhcp_Option224_NamesStationAndAuthority()
    {
        Lease("2", $"https://10.0.0.1:8443#{_authority.Fingerprint}");
        Assert.Equal(new StationHint(Station, _authority.Fingerprint, Token: null), Dhcp().Read());
    }

    [Fact]
    public void Dhcp_StationAlone_LeavesTheAuthorityToOthers()
    {
        Lease("2", "https://10.0.0.1:8443\0");
        Assert.Equal(new StationHint(Station, Authority: null, Token: null), Dhcp().Read());
    }

    [Theory]
    [InlineData("http://10.0.0.1:8443")]
    [InlineData("https://10.0.0.1:8443#sha256:12")]
    [InlineData("anything")]
    [InlineData("")]
    public void Dhcp_WhatCannotBeRead_IsLeftOutForTheNextCard(string value)
    {
        Lease("2", value);
        Assert.Equal(StationHint.None, Dhcp().Read());
        Lease("3", $"https://10.0.0.1:8443#{_authority.Fingerprint}");
        Assert.Equal(Station, Dhcp().Read().Address);
    }

    [Fact]
    public void Dhcp_LeaseThatIsNoHexadecimal_IsLeftOut()
    {
        Write("2", "OPTION_224=zz\n");
        Assert.Equal(StationHint.None, Dhcp().Read());
        Assert.Equal(StationHint.None, new DhcpLeases(_root.File("absent"), NullLogger<DhcpLeases>.Instance).Read());
    }

    [Fact]
    public void Order_EachPartFromTheFirstThatHasIt()
    {
        Write("cmdline", "quiet vsan.station=https://10.0.0.9:8443");
        Lease("leases/2", $"https://10.0.0.1:8443#{_authority.Fingerprint}");
        IStationSource[] sources = [new KernelCommandLine(_root.File("cmdline")), new SystemCredentials(folder: null), Dhcp("leases")];

        StationHint hint = sources.Read();

        Assert.Equal((new Uri("https://10.0.0.9:8443"), _authority.Fingerprint), (hint.Address, hint.Authority));
    }

    [Fact]
    public async Task Find_NetworkThatComesLate_IsFoundAtALaterTry()
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        StationFinder finder = new([Dhcp()], new StationBrowser([], TimeProvider.System), TimeProvider.System, NullLogger<StationFinder>.Instance);

        Task<StationTrust> finding = finder.FindAsync(deadline.Token);
        Lease("2", $"https://10.0.0.1:8443#{_authority.Fingerprint}");

        Assert.Equal(new StationTrust(Station, _authority.Fingerprint), await finding);
    }

    [Fact]
    public async Task Portals_Automatic_AreTheMachinesIpv4AddressesOnceItHasSome()
    {
        Queue<IReadOnlyList<IPAddress>> looks = new([[], [IPAddress.Parse("fd00::5"), IPAddress.Parse("10.0.0.6"), IPAddress.Parse("10.0.0.5")]]);
        PortalAddresses portals = new(["auto:3260", "127.0.0.1:3261"], () => looks.Count > 1 ? looks.Dequeue() : looks.Peek(), TimeProvider.System);
        Assert.Equal(["10.0.0.5:3260", "10.0.0.6:3260", "127.0.0.1:3261"], await portals.ResolveAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Portals_AddressesThatChange_EndTheAgent()
    {
        IReadOnlyList<IPAddress> now = [IPAddress.Parse("10.0.0.5")];
        PortalAddresses portals = new(["auto:3260"], () => now, TimeProvider.System);
        IReadOnlyList<string> resolved = await portals.ResolveAsync(CancellationToken.None);
        Assert.Equal(["10.0.0.5:3260"], resolved);

        Task watch = portals.WatchAsync(resolved, CancellationToken.None);
        now = [];
        Assert.False(watch.IsCompleted);
        now = [IPAddress.Parse("10.0.0.7")];

        Assert.Equal(ExitCode.AddressChanged, (await Assert.ThrowsAsync<UnitFailure>(() => watch.WaitAsync(TimeSpan.FromSeconds(30)))).Code);
    }

    [Theory]
    [InlineData("Rack7.example", "rack7")]
    [InlineData("localhost", "unit-0f8fad5b")]
    [InlineData("vsan", "unit-0f8fad5b")]
    [InlineData("what ever", "unit-0f8fad5b")]
    public void Name_NotGiven_IsTheHostNameOrMadeOfTheIdentity(string hostName, string name) =>
        Assert.Equal(name, UnitName.Of(hostName, Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e")));

    private void Write(string name, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(_root.File(name))!);
        File.WriteAllText(_root.File(name), text);
    }

    // As systemd-networkd writes it.
    private void Lease(string name, string option) => Write(
        name, $"# This is private data. Do not parse.\nADDRESS=10.0.0.5\nNTP=10.0.0.1\nOPTION_224={Convert.ToHexStringLower(Encoding.ASCII.GetBytes(option))}\n");

    private DhcpLeases Dhcp(string folder = "") => new(_root.File(folder), NullLogger<DhcpLeases>.Instance);
}
