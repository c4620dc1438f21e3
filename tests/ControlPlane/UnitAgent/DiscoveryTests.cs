using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.Discovery;
using VSan.Contracts.Enrolment;
using VSan.Station.Discovery;
using VSan.UnitAgent;
using VSan.UnitAgent.Discovery;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>How a unit finds its station, with the station's own responder on loopback.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        _deadline.Dispose();
        _authority.Dispose();
        _other.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Hints_KernelCommandLine_NamesStationAuthorityAndToken()
    {
        EnrolmentToken token = EnrolmentToken.Create();
        File.WriteAllText(_root.File("cmdline"), $"BOOT_IMAGE=/vmlinuz root=/dev/ram0 vsan.station=https://10.0.0.1:8443 quiet vsan.ca={_authority.Fingerprint} vsan.token={token.Reveal()}\n");

        Assert.Equal(new StationHint(new Uri("https://10.0.0.1:8443"), _authority.Fingerprint, token), new KernelCommandLine(_root.File("cmdline")).Read());
        Assert.Equal(StationHint.None, new KernelCommandLine(_root.File("absent")).Read());
    }

    [Fact]
    public void Hints_CommandLineAndFile_TheFirstCountsPartByPart()
    {
        File.WriteAllText(_root.File("cmdline"), "vsan.station=https://10.0.0.1:8443");
        File.WriteAllText(_root.File("unit.conf"), $"# the pool\nstation = https://10.0.0.2:8443\nca = {_authority.Fingerprint}   # pinned\n");

        StationHint hint = new IStationSource[] { new KernelCommandLine(_root.File("cmdline")), new ConfigurationFile(_root.File("unit.conf")) }.Read();

        Assert.Equal((new Uri("https://10.0.0.1:8443"), _authority.Fingerprint), (hint.Address, hint.Authority));
    }

    [Theory]
    [InlineData("vsan.station=ftp://x")]
    [InlineData("vsan.ca=md5:12")]
    [InlineData("vsan.token=secret")]
    [InlineData("vsan.statoin=https://10.0.0.1")]
    public void Hints_WhatCannotBe_EndsInsteadOfBeingIgnored(string word)
    {
        File.WriteAllText(_root.File("cmdline"), word);
        Assert.Equal(ExitCode.Usage, Assert.Throws<UnitFailure>(() => new KernelCommandLine(_root.File("cmdline")).Read()).Code);
    }

    [Fact]
    public async Task Browse_StationAnnouncesItself_IsACandidate()
    {
        await using Announced station = Announced.Start(port: 8443);
        Assert.Equal([new Uri("https://127.0.0.1:8443")], await Browser(station).BrowseAsync(_deadline.Token));
    }

    [Fact]
    public async Task Browse_NobodyAnswers_FindsNothing()
    {
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        StationBrowser browser = new([((IPEndPoint)silent.LocalEndPoint!, "local")], TimeProvider.System);
        Assert.Empty(await browser.BrowseAsync(_deadline.Token));
    }

    [Theory]
    [InlineData("no address", 8443, 0)]
    [InlineData("station.example", 8443, 1)]
    [InlineData("station.example", 0, 0)]
    public void Candidates_WhateverAnAnswerNames_AreAddressesOrNobody(string target, int port, int count) =>
        Assert.Equal(count, StationBrowser.Candidates([new DnsRecord("pool._vsan-station._tcp.local", DnsType.Srv, target, port)]).Count);

    [Fact]
    public async Task Find_AuthorityPinned_TakesTheCandidateOfThatAuthorityOnly()
    {
        await using EnrolmentStation impostor = await StationAsync(_other);
        await using EnrolmentStation station = await StationAsync(_authority);
        await using Announced first = Announced.Start(impostor.Address.Port), second = Announced.Start(station.Address.Port);

        StationTrust found = await Finder(new StationHint(null, _authority.Fingerprint, null), first, second).FindAsync(_deadline.Token);

        Assert.Equal((station.Address.Port, _authority.Fingerprint), (found.Address.Port, found.Authority));
        Assert.Empty(impostor.Packets);
    }

    [Fact]
    public async Task Find_NothingPinnedAndOneCandidate_IsBelievedForThePersonsComparisonOnly()
    {
        await using EnrolmentStation station = await StationAsync(_authority);
        await using Announced announced = Announced.Start(station.Address.Port);

        StationTrust found = await Finder(StationHint.None, announced).FindAsync(_deadline.Token);

        Assert.Equal(_authority.Fingerprint, found.Authority);
        Assert.Null(found.Token);
    }

    [Fact]
    public async Task Find_NothingPinnedAndTwoAuthorities_IsNobody()
    {
        await using EnrolmentStation one = await StationAsync(_authority), other = await StationAsync(_other);
        await using Announced first = Announced.Start(one.Address.Port), second = Announced.Start(other.Address.Port);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Finder(StationHint.None, first, second).FindAsync(patience.Token));
        Assert.Empty(one.Packets.Concat(other.Packets));
    }

    [Fact]
    public async Task Find_TokenWithoutAuthority_IsRefused()
    {
        UnitFailure failure = await Assert.ThrowsAsync<UnitFailure>(
            () => Finder(new StationHint(new Uri("https://127.0.0.1:1"), null, EnrolmentToken.Create())).FindAsync(_deadline.Token));
        Assert.Equal(ExitCode.Usage, failure.Code);
    }

    [Fact]
    public void ShortCode_OfSomebodyInTheMiddle_IsAnother()
    {
        byte[] key = [1, 2, 3];
        Assert.NotEqual(ShortCode.Of(key, _authority.Fingerprint), ShortCode.Of(key, _other.Fingerprint));
    }

    private static Task<EnrolmentStation> StationAsync(TestAuthority authority) =>
        EnrolmentStation.StartAsync(authority.Server(IPAddress.Loopback), authority.Pem, _ => (403, null));

    private static StationBrowser Browser(params Announced[] stations) => new([.. stations.Select(station => (station.EndPoint, "local"))], TimeProvider.System);

    private static StationFinder Finder(StationHint hint, params Announced[] stations) =>
        new([new GivenHint(hint)], Browser(stations), TimeProvider.System, NullLogger<StationFinder>.Instance);

    /// <summary>A station's announcer on a port of loopback.</summary>
    private sealed class Announced : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Announcer _announcer;
        private readonly Task _running;

        private Announced(Socket socket, int port)
        {
            EndPoint = (IPEndPoint)socket.LocalEndPoint!;
            _announcer = new Announcer("pool", () => port, [IPAddress.Loopback], "sha256:hint", socket, NullLogger.Instance);
            _running = _announcer.RunAsync(_stop.Token);
        }

        public IPEndPoint EndPoint { get; }

        public static Announced Start(int port)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return new Announced(socket, port);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _announcer.Dispose();
            _stop.Dispose();
        }
    }
}
