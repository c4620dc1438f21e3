using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.UnitLink;
using VSan.Station.Certificates;
using VSan.Station.Link;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>A unit's end of a link: dials, and answers as a unit without stores does.</summary>
internal sealed class LinkedUnit : IAsyncDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CertificateIssue> _certified = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid _id;
    private readonly SslStream _stream;
    private DialledUnit? _server;
    private long _generation;

    private LinkedUnit(Guid id, SslStream stream) => (_id, _stream) = (id, stream);

    /// <summary>What its reports ask to be certified; null asks for nothing.</summary>
    public string? CertificateRequest { get; init; }

    /// <summary>The certificate that it was handed.</summary>
    public Task<CertificateIssue> Certified => _certified.Task;

    /// <summary>Ends when the station has asked something.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Ends when the connection has.</summary>
    public Task Ended => _ended.Task;

    public static async Task<LinkedUnit> DialAsync(RunningStation station, X509Certificate2 certificate, Guid id, string? certificateRequest = null)
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
        LinkedUnit unit = new(id, stream) { CertificateRequest = certificateRequest };
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
            case "/link/v1/certificate":
                CertificateIssue issue = (await context.Request.ReadFromJsonAsync(UnitLinkJson.Default.CertificateIssue))!;
                await context.Response.WriteAsJsonAsync(issue, UnitLinkJson.Default.CertificateIssue);
                _certified.TrySetResult(issue);
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
            UnitReport report = new(_id, Guid.Empty, sequence, new ConfigurationStatus(_generation, _generation, []), true, 0, [], CertificateRequest);
            await context.Response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(report, UnitLinkJson.Default.UnitReport), (byte)'\n']);
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(200), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
