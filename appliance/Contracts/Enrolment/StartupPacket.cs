namespace VSan.Contracts.Enrolment;

/// <summary>
/// First message of a member to the station, and its poll until it is admitted: sending the same packet again changes nothing and
/// answers with the present state (docs/protocol.md, step 1).
/// </summary>
/// <param name="Kind">What joins.</param>
/// <param name="MemberId">The member's own identity, made with its key at first start.</param>
/// <param name="SystemName">Name that people see; 1 to 63 characters of a-z, 0-9 and '-'.</param>
/// <param name="SerialNumber">Serial number of the machine, or empty.</param>
/// <param name="BootId">Changes with every boot of the member's system.</param>
/// <param name="ImageVersion">Version of the software that joins.</param>
/// <param name="Addresses">IP addresses that the member has.</param>
/// <param name="NetworkCards">Its network cards.</param>
/// <param name="CertificateRequest">PKCS#10 request, DER, base64; the key behind it never leaves the member.</param>
/// <param name="Proof">Proof of knowing an enrolment token; null asks for a person's approval.</param>
public sealed record StartupPacket(
    MemberKind Kind,
    Guid MemberId,
    string SystemName,
    string SerialNumber,
    Guid BootId,
    string ImageVersion,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<NetworkCard> NetworkCards,
    string CertificateRequest,
    TokenProof? Proof)
{
    /// <summary>A host's iSCSI name (RFC 7143, 4.2.7), for a token that is for no certain host; null for a unit.</summary>
    public string? InitiatorName { get; init; }
}
