using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;

namespace VSan.Station.Link;

/// <summary>
/// The certificate of one link: hands the unit the next one when a report asks for it, and ends the link when the one that opened it, or
/// was handed out over it, has run out. The connection itself stays as it is; the new certificate is for the next handshake.
/// </summary>
internal sealed class CertificateRenewal(EnrolmentService enrolment, string authorityPem, DateTimeOffset validUntil, TimeProvider time, ILogger log)
{
    // A unit asks in each report, until it is answered.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTimeOffset _validUntil = validUntil;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>Looks at a report.</summary>
    public async Task OnReportAsync(UnitLink link, UnitReport report, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (report.CertificateRequest is { } request && now >= _notBefore)
        {
            _notBefore = now + Pause;
            await RenewAsync(link, request, cancellationToken);
        }

        if (now < _validUntil) return;
        log.LogWarning("The certificate of unit {UnitId} has run out; its link is ended.", link.UnitId);
        link.End();
    }

    private async Task RenewAsync(UnitLink link, string request, CancellationToken cancellationToken)
    {
        try
        {
            string certificate = await enrolment.RenewAsync(link.UnitId, request, link.Peer, cancellationToken);
            await link.HandCertificateAsync(new CertificateIssue(certificate, authorityPem), cancellationToken);
            using X509Certificate2 issued = X509Certificate2.CreateFromPem(certificate);
            _validUntil = issued.NotAfter.ToUniversalTime();
            log.LogInformation("Unit {UnitId} has a certificate until {ValidUntil:u}.", link.UnitId, _validUntil);
        }
        catch (Exception failure) when (failure is IOException or ProblemException)
        {
            log.LogWarning("The certificate of unit {UnitId} was not renewed: {Reason}", link.UnitId, failure.Message);
        }
    }
}
