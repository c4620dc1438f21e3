using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Copying;
using VSan.UnitAgent.Discovery;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Link;
using VSan.UnitAgent.Shares;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

[SuppressMessage("Design", "CA1001", Justification = "xunit disposes of it by IAsyncLifetime.")]
public sealed class LinkTests : IAsyncLifetime
{
    private static readonly Guid BootId = Guid.NewGuid();

    private readonly TemporaryDirectory _root = new();
    private readonly TestAuthority _authority = new();
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));
    private readonly CancellationTokenSource _stopping = new();
    private readonly StateDirectory _identityState;
    private readonly MemberIdentity _identity;
    private readonly LinkStation _station;
    private readonly ControlSocketServer _blockServer;
    private readonly UnitUnderTest _unit;
    private readonly LinkPresence _presence = new();
    private WebApplication? _server;

    public LinkTests()
    {
        _identityState = StateDirectory.Take(_root.File("identity"));
        _identity = MemberIdentity.Load(_identityState);
        _station = new LinkStation(_authority.Server(IPAddress.Loopback));
        _blockServer = new ControlSocketServer(UnitUnderTest.SocketPath(_root.Path));
        _unit = new UnitUnderTest(_root.Path, _identity.MemberId);
    }

    public async Task InitializeAsync() => await StartLinkAsync(_authority);

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server!.DisposeAsync();
        _unit.Dispose();
        await _blockServer.DisposeAsync();
        _station.Dispose();
        _identityState.Dispose();
        _authority.Dispose();
        _deadline.Dispose();
        _stopping.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task Unit_Dialled_ShowsItsCertificateAndItsInventory()
    {
        (HttpClient client, SslStream _, X509Certificate2 certificate) = await _station.AcceptAsync(_deadline.Token);

        UnitInventory inventory = JsonSerializer.Deserialize(
            await client.GetStringAsync("link/v1/inventory", _deadline.Token), UnitLinkJson.Default.UnitInventory)!;

        Assert.Equal($"CN={_identity.MemberId:D}", certificate.Subject);
        Assert.Equal(_identity.MemberId, inventory.UnitId);
        Assert.Equal(_unit.Store.Id, Assert.Single(inventory.Stores).StoreId);
        Assert.Equal([UnitUnderTest.Portal], inventory.Portals);
    }

    [Fact]
    public async Task Configuration_PutThenAnOlderOne_IsServedThenRefused()
    {
        (HttpClient client, _, _) = await _station.AcceptAsync(_deadline.Token);

        using HttpResponseMessage accepted = await PutAsync(client, Documents.Push(_identity.MemberId, 2, Documents.Leg(Guid.NewGuid(), _unit.Store.Id)));
        ConfigurationStatus status = JsonSerializer.Deserialize(await accepted.Content.ReadAsStringAsync(), UnitLinkJson.Default.ConfigurationStatus)!;
        using HttpResponseMessage refused = await PutAsync(client, Documents.Push(_identity.MemberId, 1));
        Problem problem = JsonSerializer.Deserialize(await refused.Content.ReadAsStringAsync(), UnitLinkJson.Default.Problem)!;

        Assert.Equal((2, 2), (status.Generation, status.AppliedGeneration));
        Assert.Equal((HttpStatusCode.Conflict, "generation-refused"), (refused.StatusCode, problem.Code));
        Assert.Equal(2, Assert.Single(_blockServer.Applied).Generation);
    }

    [Fact]
    public async Task Configuration_NotJson_IsMalformed()
    {
        (HttpClient client, _, _) = await _station.AcceptAsync(_deadline.Token);
        using StringContent body = new("{");
        using HttpResponseMessage refused = await client.PutAsync("link/v1/configuration", body, _deadline.Token);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Reports_ConfigurationChanges_AreToldAtOnceInSequence()
    {
        (HttpClient client, _, _) = await _station.AcceptAsync(_deadline.Token);
        using Stream stream = await client.GetStreamAsync("link/v1/reports", _deadline.Token);
        using StreamReader lines = new(stream);
        UnitReport first = await NextAsync(lines);

        using HttpResponseMessage accepted = await PutAsync(client, Documents.Push(_identity.MemberId, 3));
        UnitReport next = await NextAsync(lines);
        while (next.Status.AppliedGeneration != 3) next = await NextAsync(lines);

        Assert.Equal((1, BootId, 0), (first.Sequence, first.BootId, first.Status.Generation));
        Assert.True(next.Sequence > first.Sequence);
        Assert.True(next.BlockServerRunning);
    }

    [Fact]
    public async Task Connection_Lost_IsDialledAgain()
    {
        (_, SslStream connection, _) = await _station.AcceptAsync(_deadline.Token);
        await connection.DisposeAsync();

        (HttpClient client, _, _) = await _station.AcceptAsync(_deadline.Token);

        Assert.NotEmpty(await client.GetStringAsync("link/v1/inventory", _deadline.Token));
    }

    [Fact]
    public async Task Connection_EndedBeforeTheStationAsked_CountsAsRefused()
    {
        (_, SslStream connection, _) = await _station.AcceptAsync(_deadline.Token);
        await connection.DisposeAsync();
        (HttpClient client, _, _) = await _station.AcceptAsync(_deadline.Token);
        Assert.True(_presence.WasRefused);

        using Stream stream = await client.GetStreamAsync("link/v1/reports", _deadline.Token);
        using StreamReader lines = new(stream);
        Assert.Null((await NextAsync(lines)).CertificateRequest);
        Assert.False(_presence.WasRefused);
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_IsMalformed()
    {
        using TestAuthority other = new();
        (HttpClient client, _, _) = await _station.AcceptAsync(_deadline.Token);
        CertificateIssue issue = new(other.Issue(_identity.CertificateRequest()), other.Pem);
        using ByteArrayContent body = new(JsonSerializer.SerializeToUtf8Bytes(issue, UnitLinkJson.Default.CertificateIssue));
        using HttpResponseMessage refused = await client.PutAsync("link/v1/certificate", body, _deadline.Token);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    /// <summary>Negative control: the same dial, with another authority pinned.</summary>
    [Fact]
    public async Task Dial_StationOfAnotherAuthority_IsRefused()
    {
        using TestAuthority other = new();
        _ = await _station.AcceptAsync(_deadline.Token);
        Task accepting = _station.AcceptAsync(_deadline.Token);
        Admission deceived = new(other.Issue(_identity.CertificateRequest()), other.Pem, _station.Endpoint);

        _ = await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(
            () => StationDialler.DialAsync(deceived, _identity, _deadline.Token));
        _ = await Record.ExceptionAsync(() => accepting);
    }

    private async Task StartLinkAsync(TestAuthority authority)
    {
        new Admission(authority.Issue(_identity.CertificateRequest()), authority.Pem, _station.Endpoint).Save(_identityState);
        StationTrust station = new(new Uri("https://127.0.0.1:1"), authority.Fingerprint);
        Enroller enroller = new(station, "unit-1", _identityState, _identity, TimeProvider.System, NullLogger<Enroller>.Instance);
        LinkEndpoints endpoints = new(
            _identity.MemberId, BootId, new UnitInventories(_identity.MemberId, [UnitUnderTest.Portal], _unit.Stores, _unit.Disks, _unit.Legs, new NoShareServer("none"), TimeProvider.System), _unit.Legs, _unit.Reconciler, new LegCopies(_identity.MemberId, _unit.Stores, TimeProvider.System, NullLogger<LegCopies>.Instance), enroller, _presence, TimeProvider.System, _stopping.Token);
        _server = LinkServer.Build(
            new DiallingListenerFactory(enroller, _identity, _presence, TimeProvider.System, NullLogger<DiallingListener>.Instance),
            endpoints,
            NullLoggerFactory.Instance);
        await _server.StartAsync(_deadline.Token);
    }

    private async Task<HttpResponseMessage> PutAsync(HttpClient client, ConfigurationPush push)
    {
        using ByteArrayContent body = new(JsonSerializer.SerializeToUtf8Bytes(push, UnitLinkJson.Default.ConfigurationPush));
        return await client.PutAsync("link/v1/configuration", body, _deadline.Token);
    }

    private async Task<UnitReport> NextAsync(StreamReader lines) =>
        JsonSerializer.Deserialize((await lines.ReadLineAsync(_deadline.Token))!, UnitLinkJson.Default.UnitReport)!;
}
