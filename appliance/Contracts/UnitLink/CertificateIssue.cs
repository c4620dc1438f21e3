namespace VSan.Contracts.UnitLink;

/// <summary>The station hands a unit its next certificate: <c>PUT /link/v1/certificate</c>, after a report that asked for it.</summary>
/// <param name="Certificate">Client certificate, PEM, for the key of the request.</param>
/// <param name="CaCertificate">The pool's CA certificate, PEM.</param>
public sealed record CertificateIssue(string Certificate, string CaCertificate);
