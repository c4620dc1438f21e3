using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Shares;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>The real server behind a share, on a port of its own.</summary>
public sealed class ShareServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly UnitUnderTest _unit;
    private readonly SharePorts _ports = new(IPAddress.Parse("127.0.0.91"), FreePort(), 1);
    private ShareServer _server;

    public ShareServerTests()
    {
        _unit = new UnitUnderTest(_directory.Path, Guid.NewGuid());
        _server = Start();
    }

    public void Dispose()
    {
        _server.StopAll();
        _unit.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Share_LetsInWhomItNames_AtOnce_AndNobodyElse()
    {
        ShareSpec share = Spec(Access("ann", "right"));
        string certificate = await ServedAsync(share);
        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Put, certificate, "ann", "right"));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(_unit.Store.SharesPath, share.ShareId.ToString("D"), "data", "file")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, certificate, "ann", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, certificate, "bob", "right"));

        await ServedAsync(share with { Access = [Access("bob", "other")] });
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, certificate, "ann", "right"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, certificate, "bob", "other"));
        await ServedAsync(share with { Access = [] });
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, certificate, "bob", "other"));
    }

    [Fact]
    public async Task Link_OutOfTheShare_ShowsNothing()
    {
        ShareSpec share = Spec(Access("ann", "right"));
        string certificate = await ServedAsync(share);
        File.CreateSymbolicLink(Path.Combine(_unit.Store.SharesPath, share.ShareId.ToString("D"), "data", "file"), Path.Combine(_directory.Path, "state", "stores.json"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, certificate, "ann", "right"));
    }

    [Fact]
    public async Task AgentIsKilled_TheNextOneGoesOnWithTheSameServer()
    {
        ShareSpec share = Spec(Access("ann", "right"));
        await ServedAsync(share);
        string id = ProcessOf(share);
        _server = Start();
        await ServedAsync(share);
        Assert.Equal(id, ProcessOf(share));
    }

    [Fact]
    public async Task ServerDies_IsNoticedAndStartedAgainWithTheSameCertificate()
    {
        ShareSpec share = Spec(Access("ann", "right"));
        string certificate = await ServedAsync(share);
        Assert.False(_server.HasDied());
        using (System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(int.Parse(ProcessOf(share), System.Globalization.CultureInfo.InvariantCulture)))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.True(_server.HasDied());
        Assert.Equal(certificate, await ServedAsync(share));
        Assert.False(_server.HasDied());
    }

    [Fact]
    public async Task Remove_StopsTheServerAndDeletesTheFiles_ButNothingThatIsNotOurs()
    {
        ShareSpec share = Spec(Access("ann", "right"));
        string certificate = await ServedAsync(share);
        Assert.True(_server.TryRemove(share.StoreId, share.ShareId));
        Assert.False(Directory.Exists(Path.Combine(_unit.Store.SharesPath, share.ShareId.ToString("D"))));
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(HttpMethod.Get, certificate, "ann", "right"));

        string foreign = Path.Combine(_unit.Store.SharesPath, Guid.NewGuid().ToString("D"), "data");
        Directory.CreateDirectory(foreign);
        Assert.True(_server.TryRemove(share.StoreId, Guid.Parse(Path.GetFileName(Path.GetDirectoryName(foreign)!))));
        Assert.True(Directory.Exists(foreign));
        Assert.False(_server.TryRemove(Guid.NewGuid(), share.ShareId));
    }

    [Fact]
    public async Task FilesThatVanished_AreNeverMadeAnewEmpty()
    {
        ShareSpec share = Spec(Access("ann", "right"));
        await ServedAsync(share);
        _server.StopAll();
        Directory.Delete(Path.Combine(_unit.Store.SharesPath, share.ShareId.ToString("D"), "data"), recursive: true);
        (IReadOnlyList<ShareFact> facts, IReadOnlyList<UnitCondition> conditions) = await _server.ApplyAsync([share], default);
        Assert.Empty(facts);
        UnitCondition condition = Assert.Single(conditions);
        Assert.Equal(("share-failed", share.ShareId), (condition.Code, condition.LegId!.Value));
        Assert.Contains("is gone", condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:10")]
    [InlineData("127.0.0.1:10-9")]
    [InlineData("127.0.0.1:10-1000")]
    [InlineData("127.0.0.1:0-3")]
    [InlineData("host:1-3")]
    public void Ports_ThatCannotBe_AreRefused(string text) => Assert.Throws<VSan.UnitAgent.UnitFailure>(() => SharePorts.Parse(text));

    [Fact]
    public void Ports_AreRead()
    {
        Assert.Equal(new SharePorts(IPAddress.Parse("127.0.0.11"), 4000, 32), SharePorts.Parse("127.0.0.11:4000-4031"));
        Assert.Equal(new SharePorts(IPAddress.IPv6Loopback, 4000, 1), SharePorts.Parse("[::1]:4000-4000"));
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(IPAddress.Parse("127.0.0.91"), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

#pragma warning disable CA5350
    private static ShareAccess Access(string user, string password) => new(user, $"{{SHA}}{Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(password)))}");
#pragma warning restore CA5350

    private ShareServer Start() => Assert.IsType<ShareServer>(ShareServer.FindAsync(_unit.UnitId, _unit.Stores, _ports, TimeProvider.System, default).GetAwaiter().GetResult());

    private ShareSpec Spec(params ShareAccess[] access) => new(Guid.NewGuid(), "papers", _unit.Store.Id, 1 << 20, _ports.First, access);

    private async Task<string> ServedAsync(ShareSpec share)
    {
        (IReadOnlyList<ShareFact> facts, IReadOnlyList<UnitCondition> conditions) = await _server.ApplyAsync([share], default);
        Assert.Empty(conditions);
        return Assert.Single(facts).Certificate;
    }

    private string ProcessOf(ShareSpec share) => File.ReadAllText(Path.Combine(_unit.Store.SharesPath, share.ShareId.ToString("D"), "server"));

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string certificate, string user, string password)
    {
        using X509Certificate2 believed = X509Certificate2.CreateFromPem(certificate);
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(believed);
        using SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = policy;
        using HttpClient client = new(handler);
        using HttpRequestMessage request = new(method, $"https://{new IPEndPoint(_ports.Address, _ports.First)}/file");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{user}:{password}")));
        if (method == HttpMethod.Put) request.Content = new StringContent("content");
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
