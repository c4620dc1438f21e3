using VSan.Contracts.Enrolment;

namespace VSan.Station.Execution;

/// <summary>The pool's certificate authority.</summary>
public interface ICertificateAuthority
{
    /// <summary>What members pin.</summary>
    CaFingerprint Fingerprint { get; }

    /// <summary>Issues a client certificate, PEM, for the key of a request; the subject is the member, whatever the request says.</summary>
    /// <param name="memberId">Becomes the certificate's common name.</param>
    /// <param name="kind">What joins.</param>
    /// <param name="certificateRequestBase64">PKCS#10, DER, base64; already checked.</param>
    string Issue(Guid memberId, MemberKind kind, string certificateRequestBase64);

    /// <summary>Signs bytes with the authority's key: ECDSA P-256 with SHA-256, IEEE P1363.</summary>
    byte[] Sign(ReadOnlySpan<byte> content);

    /// <summary>True when the bytes were signed with the authority's key.</summary>
    bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);
}
