using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using VSan.Station.Certificates;
using VSan.Station.Execution;

namespace VSan.Station.Link;

/// <summary>
/// The port that units dial: mutual TLS, then one <see cref="UnitLink"/> for as long as the connection stands. Each connection is its own
/// task, so that a unit that hangs holds up nobody else.
/// </summary>
internal sealed class LinkEndpoint(UnitLinks links, StationServices services, PoolAuthority authority, TimeProvider time, ILogger<LinkEndpoint> log)
{
    public static readonly SslApplicationProtocol Protocol = new("vsan-link/1");

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sets up the listener: TLS that asks for a certificate of the pool's authority, and our protocol in place of HTTP's server side.</summary>
    public void Configure(ListenOptions listener, X509Certificate2 server)
    {
        listener.UseHttps(https =>
        {
            https.ServerCertificate = server;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.HandshakeTimeout = HandshakeTimeout;
            https.OnAuthenticate = (_, options) =>
            {
                options.ApplicationProtocols = [Protocol];
                options.CertificateChainPolicy = PoolTrust.Policy(authority.Certificate, Purpose.ClientAuthentication);
            };
        });
        listener.Run(ServeAsync);
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(
            connection.ConnectionClosed,
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None);
        if (await IdentifyAsync(connection, end.Token) is not (Guid unitId, DateTimeOffset validUntil)) return;
        (UnitService units, UnitPresence presence) = (services.Units, services.Presence);
        await using DuplexStream stream = new(connection.Transport);
        using UnitLink link = new(unitId, stream) { Peer = $"{connection.RemoteEndPoint}" };
        if (await links.TryAddAsync(link, () => presence.OnConnected(unitId), end.Token) is { } twin)
        {
            log.LogWarning("Unit {UnitId} is alive twice: at {Peer} and at {Twin}. Both are cut off.", unitId, link.Peer, twin.Peer);
            await units.QuarantineAsync(unitId, $"{twin.Peer} and {link.Peer}", end.Token);
            return;
        }

        // Between the handshake and now the unit may have been forgotten, retired or set aside.
        if (!await units.IsAdmittedAsync(unitId, end.Token)) link.End();
        log.LogInformation("Unit {UnitId} is linked from {Peer}.", unitId, connection.RemoteEndPoint);
        try
        {
            await ReadReportsAsync(link, validUntil, end.Token);
            log.LogInformation("Unit {UnitId} ended its link.", unitId);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or JsonException or InvalidDataException)
        {
            log.LogInformation("The link of unit {UnitId} ended: {Reason}", unitId, exception.Message);
        }
        finally
        {
            links.Remove(link, () => presence.OnDisconnected(unitId));
        }
    }

    private Task ReadReportsAsync(UnitLink link, DateTimeOffset validUntil, CancellationToken cancellationToken)
    {
        CertificateRenewal renewal = new(services.Enrolment, authority.CertificatePem, validUntil, time, log);
        return link.ReadReportsAsync(
            report =>
            {
                services.Presence.OnReport(report);
                return renewal.OnReportAsync(link, report, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Which unit dialled, and how long its certificate is good; null, and a line in the log, when it may not.</summary>
    private async Task<(Guid UnitId, DateTimeOffset ValidUntil)?> IdentifyAsync(ConnectionContext connection, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? spoken = connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol;
        if (spoken is null || !spoken.Value.Span.SequenceEqual(Protocol.Protocol.Span))
            return Refuse(connection, $"It does not speak {Encoding.ASCII.GetString(Protocol.Protocol.Span)}.");
        X509Certificate2? certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        if (certificate is null || !MemberName.TryReadUnit(certificate, out Guid unitId)) return Refuse(connection, "Its certificate is not a unit's.");
        return await services.Units.IsAdmittedAsync(unitId, cancellationToken)
            ? (unitId, certificate.NotAfter.ToUniversalTime())
            : Refuse(connection, $"Unit {unitId} is not admitted, or was forgotten.");
    }

    private (Guid UnitId, DateTimeOffset ValidUntil)? Refuse(ConnectionContext connection, string reason)
    {
        log.LogWarning("A link from {Peer} was refused: {Reason}", connection.RemoteEndPoint, reason);
        return null;
    }
}
