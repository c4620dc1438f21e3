using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Enrolment;

/// <summary>Who this unit is: made at its first start, the same for ever. The private key never leaves the state directory.</summary>
/// <param name="MemberId">Identity in the pool; the subject of the unit's certificate.</param>
/// <param name="PrivateKey">ECDSA P-256, PKCS#8 PEM. One file holds both, so that neither is ever there without the other.</param>
internal sealed record MemberIdentity(Guid MemberId, string PrivateKey)
{
    /// <summary>The file in the state directory.</summary>
    public const string FileName = "identity.json";

    /// <summary>Reads the identity, or makes it at the first start.</summary>
    public static MemberIdentity Load(StateDirectory state)
    {
        string path = state.FilePath(FileName);
        if (DurableFile.Read(path, StateJson.Default.MemberIdentity) is { } known) return known;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        MemberIdentity made = new(Guid.NewGuid(), key.ExportPkcs8PrivateKeyPem());
        DurableFile.Write(path, made, StateJson.Default.MemberIdentity);
        return made;
    }

    /// <summary>The short code that the station shows for this unit.</summary>
    public string ShortCode(CaFingerprint authority)
    {
        using ECDsa key = Key();
        return Contracts.Enrolment.ShortCode.Of(key.ExportSubjectPublicKeyInfo(), authority);
    }

    /// <summary>PKCS#10 request for a client certificate, DER, base64.</summary>
    public string CertificateRequest()
    {
        using ECDsa key = Key();
        CertificateRequest request = new($"CN={MemberId:D}", key, HashAlgorithmName.SHA256);
        return Convert.ToBase64String(request.CreateSigningRequest());
    }

    /// <summary>Joins a certificate with the key that it was made for.</summary>
    /// <exception cref="CryptographicException">The certificate is for another key.</exception>
    public X509Certificate2 WithKey(string certificatePem) => X509Certificate2.CreateFromPem(certificatePem, PrivateKey);

    /// <summary>Names the member only, so that a log line cannot leak the key.</summary>
    public override string ToString() => $"MemberIdentity {{ MemberId = {MemberId} }}";

    private ECDsa Key()
    {
        ECDsa key = ECDsa.Create();
        key.ImportFromPem(PrivateKey);
        return key;
    }
}
