using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Station.Certificates;

/// <summary>What makes a certificate one of ours: a chain to the pool's own authority and to nothing that the system trusts besides.</summary>
internal static class PoolTrust
{
    /// <summary>There is no revocation list: who is forgotten is refused by name at the link, at once.</summary>
    public static X509ChainPolicy Policy(X509Certificate2 authority, Oid purpose) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        ApplicationPolicy = { purpose },
    };
}
