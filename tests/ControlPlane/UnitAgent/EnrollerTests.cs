using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.Enrolment;
using VSan.UnitAgent;
using VSan.UnitAgent.Discovery;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class EnrollerTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly StateDirectory _state;
    private readonly MemberIdentity _identity;
    private readonly TestAuthority _authority = new();
    private readonly EnrolmentToken _token = EnrolmentToken.Create();

    public EnrollerTests()
    {
        _state = StateDirectory.Take(_root.File("state"));
        _identity = MemberIdentity.Load(_state);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _state.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task Enrol_PinnedAuthorityAndToken_IsAdmittedWithoutSendingTheToken()
    {
        await using EnrolmentStation station = await StationAsync(_authority);

        Admission admission = await EnrolAsync(station, _authority.Fingerprint);

        StartupPacket packet = Assert.Single(station.Packets);
        Assert.True(EnrolmentTranscript.Verify(_token.ProofKey(), packet, _authority.Fingerprint, packet.Proof!.Mac));
        Assert.Equal(_identity.MemberId, packet.MemberId);
        Assert.Single(station.Connections);
        Assert.Equal(admission, Admission.Load(_state));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_state.FilePath("admission.json")));
    }

    [Fact]
    public async Task Enrol_AdmittedBefore_NeedsNeitherStationNorToken()
    {
        await using (EnrolmentStation station = await StationAsync(_authority))
            _ = await EnrolAsync(station, _authority.Fingerprint);

        Assert.NotNull(await Enroller(new Uri("https://127.0.0.1:1"), _authority.Fingerprint).EnrolAsync(_ => { }, CancellationToken.None));
    }

    [Fact]
    public async Task Enrol_StationOfAnotherAuthority_EndsAndTellsItNothing()
    {
        using TestAuthority other = new();
        await using EnrolmentStation station = await StationAsync(other);

        UnitFailure failure = await Assert.ThrowsAsync<UnitFailure>(() => EnrolAsync(station, _authority.Fingerprint));

        Assert.Equal(ExitCode.WrongAuthority, failure.Code);
        Assert.Empty(station.Packets);
    }

    [Fact]
    public async Task Enrol_ImpostorThatOffersTheRightAuthority_EndsAndTellsItNothing()
    {
        using TestAuthority other = new();
        await using EnrolmentStation station = await EnrolmentStation.StartAsync(other.Server(IPAddress.Loopback), _authority.Pem, Approve(other));

        UnitFailure failure = await Assert.ThrowsAsync<UnitFailure>(() => EnrolAsync(station, _authority.Fingerprint));

        Assert.Equal(ExitCode.WrongAuthority, failure.Code);
        Assert.Empty(station.Packets);
    }

    [Fact]
    public async Task Enrol_RightAuthorityForAnotherAddress_EndsAndTellsItNothing()
    {
        await using EnrolmentStation station = await EnrolmentStation.StartAsync(_authority.Server(IPAddress.Parse("192.0.2.1")), _authority.Pem, Approve(_authority));

        UnitFailure failure = await Assert.ThrowsAsync<UnitFailure>(() => EnrolAsync(station, _authority.Fingerprint));

        Assert.Equal(ExitCode.WrongAuthority, failure.Code);
        Assert.Contains("does not name", failure.Message, StringComparison.Ordinal);
        Assert.Empty(station.Packets);
    }

    [Fact]
    public async Task Enrol_TokenRefused_EndsWithTheNextAction()
    {
        await using EnrolmentStation station = await EnrolmentStation.StartAsync(_authority.Server(IPAddress.Loopback), _authority.Pem, _ => (403, null));

        UnitFailure failure = await Assert.ThrowsAsync<UnitFailure>(() => EnrolAsync(station, _authority.Fingerprint));

        Assert.Equal(ExitCode.TokenRefused, failure.Code);
        Assert.Contains("vsan token create", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_PendingThenApproved_PollsWithTheSamePacket()
    {
        int polls = 0;
        await using EnrolmentStation station = await EnrolmentStation.StartAsync(
            _authority.Server(IPAddress.Loopback),
            _authority.Pem,
            packet => polls++ == 0 ? (202, new EnrolmentAnswer(EnrolmentState.Pending, _identity.ShortCode(_authority.Fingerprint), null, null, null, 1)) : Approve(_authority)(packet));

        _ = await EnrolAsync(station, _authority.Fingerprint);

        Assert.Equal(2, station.Packets.Count);
        Assert.Equal(EnrolmentTranscript.Hash(station.Packets[0], _authority.Fingerprint), EnrolmentTranscript.Hash(station.Packets[1], _authority.Fingerprint));
    }

    [Fact]
    public void Identity_SecondStart_IsTheSameAndPrivate()
    {
        Assert.Equal(_identity, MemberIdentity.Load(_state));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_state.FilePath(MemberIdentity.FileName)));
        Assert.Matches("^[A-Z2-7]{4}-[A-Z2-7]{4}$", _identity.ShortCode(_authority.Fingerprint));
    }

    [Fact]
    public void StateDirectory_TakenTwice_IsRefused() => Assert.Throws<UnitFailure>(() => StateDirectory.Take(_state.Path));

    private static Func<StartupPacket, (int Status, EnrolmentAnswer? Answer)> Approve(TestAuthority authority) => packet =>
        (200, new EnrolmentAnswer(EnrolmentState.Approved, "AAAA-AAAA", authority.Issue(packet.CertificateRequest), authority.Pem, "127.0.0.1:1", null));

    private static Task<EnrolmentStation> StationAsync(TestAuthority authority) =>
        EnrolmentStation.StartAsync(authority.Server(IPAddress.Loopback), authority.Pem, Approve(authority));

    private Task<Admission> EnrolAsync(EnrolmentStation station, CaFingerprint fingerprint) =>
        Enroller(station.Address, fingerprint).EnrolAsync(_ => { }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    private Enroller Enroller(Uri station, CaFingerprint fingerprint) => new(
        new StationTrust(station, fingerprint, _token), "unit-1", _state, _identity, TimeProvider.System, NullLogger<Enroller>.Instance);
}
