using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Certificates;
using VSan.Station.Link;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>The same identity alive twice, and members that are shut out while they are linked: over real TLS.</summary>
public sealed class CloneTests(RunningStation station) : IClassFixture<RunningStation>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Dial_TwoMachinesWithOneIdentity_BothAreCutOffAndTheUnitIsSetAside()
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, "twin");
        await using LinkedUnit first = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
        await using LinkedUnit second = await LinkedUnit.DialAsync(station, certificate, member.Id);

        await UntilAsync(member.Id, unit => unit.State == UnitState.Quarantined);
        await first.Ended.WaitAsync(Deadline);
        await second.Ended.WaitAsync(Deadline);
        await using LinkedUnit third = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await third.Ended.WaitAsync(Deadline);
        using HttpClient stranger = station.Client(bearer: null);
        using HttpResponseMessage refused = await stranger.PostAsJsonAsync("/enrolment/v1/startup", RunningStation.Packet(member, "twin"), EnrolmentJson.Default.StartupPacket);
        Assert.Equal("member-quarantined", (await refused.Content.ReadFromJsonAsync(ApiJson.Default.Problem))!.Code);

        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage approved = await administrator.PostAsync($"/api/v1/units/{member.Id}:approve", null);
        await using LinkedUnit survivor = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
    }

    [Fact]
    public async Task Dial_UnitThatRestarted_IsNoClone()
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, "restarted");
        await using (await LinkedUnit.DialAsync(station, certificate, member.Id))
            await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
        await using LinkedUnit again = await LinkedUnit.DialAsync(station, certificate, member.Id);

        await again.Asked.WaitAsync(Deadline);
        await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
    }

    [Theory]
    [InlineData("retire")]
    [InlineData("forget")]
    public async Task Revoked_WhileLinked_ConnectionIsCutAndTheCertificateOpensNothing(string verb)
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, $"revoked-{verb}");
        await using LinkedUnit unit = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await UntilAsync(member.Id, found => found.State == UnitState.Ready);
        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage answer = verb == "forget"
            ? await administrator.DeleteAsync($"/api/v1/units/{member.Id}")
            : await administrator.PostAsync($"/api/v1/units/{member.Id}:{verb}", null);
        Assert.True(answer.IsSuccessStatusCode);

        await unit.Ended.WaitAsync(Deadline);
        await using LinkedUnit again = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await again.Ended.WaitAsync(Deadline);
        Assert.False(again.Asked.IsCompleted);
    }

    private async Task<X509Certificate2> EnrolAsync(Member member, string name)
    {
        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage made = await administrator.PostAsJsonAsync("/api/v1/tokens", new TokenCreate(true, 1, null), ApiJson.Default.TokenCreate);
        TokenCreated token = (await made.Content.ReadFromJsonAsync(ApiJson.Default.TokenCreated))!;
        Assert.True(EnrolmentToken.TryParse(token.Secret, out EnrolmentToken? secret));
        StartupPacket packet = RunningStation.Packet(member, name);
        packet = packet with { Proof = new TokenProof(secret.Id, EnrolmentTranscript.Mac(secret.ProofKey(), packet, station.Authority.Fingerprint)) };
        using HttpClient stranger = station.Client(bearer: null);
        using HttpResponseMessage approved = await stranger.PostAsJsonAsync("/enrolment/v1/startup", packet, EnrolmentJson.Default.StartupPacket);
        EnrolmentAnswer answer = (await approved.Content.ReadFromJsonAsync(EnrolmentJson.Default.EnrolmentAnswer))!;
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(answer.Certificate);
        return certificate.CopyWithPrivateKey(member.Key);
    }

    private Task UntilAsync(Guid unitId, Func<VSan.Contracts.Api.Unit, bool> condition) => StationTests.UntilAsync(async () =>
    {
        using HttpClient administrator = station.Administrator();
        return condition((await administrator.GetFromJsonAsync($"/api/v1/units/{unitId}", ApiJson.Default.Unit))!);
    });

    /// <summary>A unit's end of a link: dials, and answers as a unit without stores does.</summary>
    private sealed class LinkedUnit : IAsyncDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Guid _id;
        private readonly SslStream _stream;
        private DialledUnit? _server;
        private long _generation;

        private LinkedUnit(Guid id, SslStream stream) => (_id, _stream) = (id, stream);

        /// <summary>Ends when the station has asked something.</summary>
        public Task Asked => _asked.Task;

        /// <summary>Ends when the connection has.</summary>
        public Task Ended => _ended.Task;

        public static async Task<LinkedUnit> DialAsync(RunningStation station, X509Certificate2 certificate, Guid id)
        {
            TcpClient tcp = new();
            await tcp.ConnectAsync(station.LinkEndPoint);
            SslStream stream = new(tcp.GetStream());
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                ClientCertificates = [certificate],
                ApplicationProtocols = [LinkEndpoint.Protocol],
                CertificateChainPolicy = PoolTrust.Policy(station.Authority.Certificate, Purpose.ServerAuthentication),
            });
            LinkedUnit unit = new(id, stream);
            unit._server = await DialledUnit.ServeAsync(new WatchedPipe(stream, unit._ended), unit.AnswerAsync);
            return unit;
        }

        public async ValueTask DisposeAsync()
        {
            await _stream.DisposeAsync();
            await _server!.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext context)
        {
            _asked.TrySetResult();
            switch (context.Request.Path.Value)
            {
                case "/link/v1/inventory":
                    await context.Response.WriteAsJsonAsync(new UnitInventory(_id, ["127.0.0.1:3260"], [], DateTimeOffset.UnixEpoch), UnitLinkJson.Default.UnitInventory);
                    break;
                case "/link/v1/configuration":
                    ConfigurationPush push = (await context.Request.ReadFromJsonAsync(UnitLinkJson.Default.ConfigurationPush))!;
                    _generation = push.Configuration.Generation;
                    await context.Response.WriteAsJsonAsync(new ConfigurationStatus(_generation, _generation, []), UnitLinkJson.Default.ConfigurationStatus);
                    break;
                default:
                    await ReportAsync(context);
                    break;
            }
        }

        private async Task ReportAsync(HttpContext context)
        {
            for (long sequence = 1; !context.RequestAborted.IsCancellationRequested; sequence++)
            {
                UnitReport report = new(_id, Guid.Empty, sequence, new ConfigurationStatus(_generation, _generation, []), true, 0, []);
                await context.Response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(report, UnitLinkJson.Default.UnitReport), (byte)'\n']);
                await context.Response.Body.FlushAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(200), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A stream as a pipe that says when its peer has hung up.</summary>
    private sealed class WatchedPipe(Stream stream, TaskCompletionSource ended) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(new Watched(stream, ended));

        public PipeWriter Output { get; } = PipeWriter.Create(stream);
    }

    private sealed class Watched(Stream inner, TaskCompletionSource ended) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                int count = await inner.ReadAsync(buffer, cancellationToken);
                if (count == 0) ended.TrySetResult();
                return count;
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                ended.TrySetResult();
                throw;
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
