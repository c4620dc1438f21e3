using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Station.State;

namespace VSan.Station.Certificates;

/// <summary>
/// The certificate that the station shows to browsers, clients and members. It is made anew at a start when a third of its year is
/// left, when the station is reached by other addresses than it names, or when it is missing or of another authority.
/// </summary>
internal static class ServerCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = Lifetime / 3;

    /// <param name="state">Where it is kept.</param>
    /// <param name="authority">Who signs.</param>
    /// <param name="names">DNS names and IP addresses of the station; <c>localhost</c>, <c>127.0.0.1</c> and <c>::1</c> are always added.</param>
    /// <param name="time">The clock.</param>
    public static X509Certificate2 LoadOrIssue(StateDirectory state, PoolAuthority authority, IEnumerable<string> names, TimeProvider time)
    {
        SortedSet<string> wanted = new(["localhost", "127.0.0.1", "::1", .. names], StringComparer.OrdinalIgnoreCase);
        if (state.Has(StateDirectory.ServerCertificate) && state.Has(StateDirectory.ServerKey))
        {
            X509Certificate2 present = KeyFiles.Load(state, StateDirectory.ServerCertificate, StateDirectory.ServerKey);
            if (IsGood(present, authority, wanted, time.GetUtcNow())) return present;
            present.Dispose();
        }

        return Issue(state, authority, wanted);
    }

    private static X509Certificate2 Issue(StateDirectory state, PoolAuthority authority, SortedSet<string> names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=vsan-station", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using X509Certificate2 certificate = authority.Sign(request, Purpose.ServerAuthentication, Lifetime);
        KeyFiles.Save(state, StateDirectory.ServerCertificate, StateDirectory.ServerKey, certificate, key);
        return KeyFiles.Load(state, StateDirectory.ServerCertificate, StateDirectory.ServerKey);
    }

    private static bool IsGood(X509Certificate2 certificate, PoolAuthority authority, SortedSet<string> names, DateTimeOffset now)
    {
        using X509Chain chain = new() { ChainPolicy = PoolTrust.Policy(authority.Certificate, Purpose.ServerAuthentication) };
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        return chain.Build(certificate) && now + RenewBefore < certificate.NotAfter && names.SetEquals(NamesOf(certificate));
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        X509SubjectAlternativeNameExtension? extension = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return extension is null ? [] : [.. extension.EnumerateDnsNames(), .. extension.EnumerateIPAddresses().Select(address => address.ToString())];
    }
}
