using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using VSan.Station.Certificates;
using VSan.Station.Execution;
using VSan.Station.Link;

namespace VSan.Station.Rest;

/// <summary>Client certificates at the API: a host may show its own instead of a token. Nobody has to show one.</summary>
internal static class HostCertificates
{
    /// <summary>Lets TLS ask for one; what is not of the pool's authority, or has run out, ends the handshake.</summary>
    public static void Ask(HttpsConnectionAdapterOptions https, StationParts parts)
    {
        https.ServerCertificate = parts.ServerCertificate;
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.OnAuthenticate = (_, options) => options.CertificateChainPolicy = PoolTrust.Policy(parts.Authority.Certificate, Purpose.ClientAuthentication);
    }

    /// <summary>Who a request's certificate is; null without one, and for one that is no host's or opens nothing any more.</summary>
    public static async Task<Caller?> CallerAsync(HttpContext context, HostService hosts)
    {
        if (context.Connection.ClientCertificate is not { } certificate || !MemberName.TryReadHost(certificate, out Guid memberId)) return null;
        string keyHash = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        return await hosts.AuthenticateAsync(memberId, keyHash, context.RequestAborted);
    }
}
