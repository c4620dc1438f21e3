using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using VSan.Contracts.Enrolment;
using VSan.Station.Certificates;
using VSan.Station.Execution;
using VSan.Station.Rest;

namespace VSan.Station.Enrolment;

/// <summary>
/// The construct protocol's door (docs/protocol.md): <c>GET /enrolment/v1/ca</c> and <c>POST /enrolment/v1/startup</c>. Both are open to
/// strangers; what a stranger gets is a certificate that everybody may know, and a place in the queue.
/// </summary>
/// <remarks>
/// The certificate has an address of its own because TLS on Linux leaves the root out of the chain that it sends: as in RFC 7030, 4.1.1,
/// a member fetches it over a connection that it does not believe yet, and believes it by its fingerprint alone.
/// </remarks>
internal sealed class EnrolmentEndpoints(EnrolmentService enrolment, PoolAuthority authority, EnrolmentRate rate, Func<IPEndPoint> linkEndPoint)
{
    private const long PacketBytesMax = 64 * 1024;
    private const int RetryAfterSeconds = 2;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/enrolment/v1/ca", GetAuthorityAsync);
        routes.MapPost("/enrolment/v1/startup", StartAsync);
    }

    private Task GetAuthorityAsync(HttpContext context)
    {
        context.Response.ContentType = "application/x-pem-file";
        return context.Response.WriteAsync(authority.CertificatePem, context.RequestAborted);
    }

    private async Task StartAsync(HttpContext context)
    {
        rate.Count(context);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = PacketBytesMax;
        StartupPacket packet = await context.BodyAsync(EnrolmentJson.Default.StartupPacket);
        switch (await enrolment.AdmitAsync(packet, context.PeerAddress(), context.RequestAborted))
        {
            case EnrolmentDecision.Pending pending:
                context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                EnrolmentAnswer wait = new(EnrolmentState.Pending, pending.ShortCode, null, null, null, RetryAfterSeconds);
                await Reply.JsonAsync(context, StatusCodes.Status202Accepted, wait, EnrolmentJson.Default.EnrolmentAnswer);
                break;
            case EnrolmentDecision.Approved approved:
                EnrolmentAnswer welcome = new(
                    EnrolmentState.Approved, approved.ShortCode, approved.Certificate, authority.CertificatePem, LinkEndpoint(context), null);
                await Reply.JsonAsync(context, StatusCodes.Status200OK, welcome, EnrolmentJson.Default.EnrolmentAnswer);
                break;
            default:
                throw new InvalidOperationException("A decision is pending or approved.");
        }
    }

    /// <summary>Where the member dials. A station that listens everywhere is dialled at the address that the member has just reached it by.</summary>
    private string LinkEndpoint(HttpContext context)
    {
        IPEndPoint bound = linkEndPoint();
        bool isWildcard = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any);
        IPAddress address = isWildcard && context.Connection.LocalIpAddress is { } reached ? reached : bound.Address;
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, bound.Port).ToString();
    }
}
