using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.Station.Certificates;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>A member's key and what it asks the authority with.</summary>
internal sealed class Member : IDisposable
{
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Guid Id { get; } = Guid.NewGuid();

    public byte[] Request(string subject = "CN=whoever") => new CertificateRequest(subject, Key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>The certificate that an authority issues, joined with the key.</summary>
    public X509Certificate2 Enrol(PoolAuthority authority, MemberKind kind = MemberKind.Unit)
    {
        using X509Certificate2 issued = X509Certificate2.CreateFromPem(authority.Issue(Id, kind, Convert.ToBase64String(Request())));
        return issued.CopyWithPrivateKey(Key);
    }

    public void Dispose() => Key.Dispose();
}
