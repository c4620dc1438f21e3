using System.Security.Cryptography.X509Certificates;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>HTTPS that believes the pool's CA and nobody else, and follows no redirect.</summary>
internal static class PoolTrust
{
    public static SocketsHttpHandler Handler(string caFile)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(caFile));
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = policy;
        return handler;
    }
}
