using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Discovery;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Enrolment;

/// <summary>
/// Brings this unit into the pool, and keeps its certificate fresh.
/// <code>
///   (no admission) ── packet ──► pending ── packet, after the station's pause ──► approved ──► admission.json
///        ▲   └── station unreachable: back off, try again, for ever
///        └── refused for good: UnitFailure, the process ends
/// </code>
/// </summary>
internal sealed class Enroller(StationTrust station, string systemName, StateDirectory state, MemberIdentity identity, TimeProvider time, ILogger<Enroller> log)
{
    private static readonly TimeSpan PendingPause = TimeSpan.FromSeconds(2);

    private Admission? _admission = Admission.Load(state);
    private string? _request;

    /// <summary>The station's HTTPS address.</summary>
    public Uri Station => station.Address;

    /// <summary>The admission that is there now; null before the first.</summary>
    public Admission? Admission => _admission;

    /// <summary>The admission; asks for it for as long as it takes.</summary>
    /// <exception cref="UnitFailure">The station refused for good.</exception>
    public async Task<Admission> EnrolAsync(Action<EnrolmentState> onState, CancellationToken cancellationToken)
    {
        if (_admission is not null) return _admission;
        using EnrolmentClient client = new(station.Address, station.Authority);
        StartupPacket packet = StartupPacketBuilder.Build(identity, systemName, station.Token, station.Authority);
        BackOff backOff = new();
        for (bool announced = false; ;)
        {
            try
            {
                EnrolmentAnswer answer = await client.SendAsync(packet, cancellationToken);
                if (answer.State == EnrolmentState.Approved) return Keep(answer);
                if (!announced) log.LogWarning("Waiting for approval: compare the short code {ShortCode} with the one the station shows, then approve this unit there.", identity.ShortCode(station.Authority));
                announced = true;
                onState(EnrolmentState.Pending);
                backOff.Reset();
                await Task.Delay(answer.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : PendingPause, time, cancellationToken);
            }
            catch (Exception failure) when (IsPassing(failure, cancellationToken))
            {
                TimeSpan pause = backOff.Next();
                log.LogWarning("The station {Station} cannot be reached, next try in {Pause:0.0} s: {Reason}", station.Address, pause.TotalSeconds, failure.Message);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    /// <summary>What the reports carry once two thirds of the certificate's life are over: the request for the next one. Null before.</summary>
    public string? RenewalRequest()
    {
        if (_admission?.IsDueForRenewal(time.GetUtcNow()) != true) return null;
        return _request ??= identity.CertificateRequest();
    }

    /// <summary>Takes the next certificate, which the station handed over the link.</summary>
    /// <exception cref="CryptographicException">It is for another key, or not of the pool's authority; the present one stays.</exception>
    public void Renew(CertificateIssue issue)
    {
        Admission present = _admission ?? throw new InvalidOperationException("A unit renews what it has been given.");
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(issue.CaCertificate);
        using X509Certificate2 certificate = identity.WithKey(issue.Certificate);
        using X509Chain chain = new() { ChainPolicy = PinnedAuthority.Policy(authority) };
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;
        if (CaFingerprint.Of(authority) != station.Authority || !chain.Build(certificate)) throw new CryptographicException("The certificate is not of the pool's authority.");
        Keep(present with { Certificate = issue.Certificate, CaCertificate = issue.CaCertificate });
        log.LogInformation("The certificate was renewed; it is good until {ValidUntil:u}.", certificate.NotAfter.ToUniversalTime());
    }

    /// <summary>
    /// The admission to dial with. Asked for anew, with this unit's key as the proof, when the certificate has run out or is about to, and
    /// when the station refused it: the unit may have been forgotten, or the station restored from a backup. And when the unit was told of
    /// another authority than the one that admitted it: its station was lost, and another takes its place.
    /// </summary>
    /// <param name="refused">The station hung up on the present certificate.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Admission> RefreshAsync(bool refused, CancellationToken cancellationToken)
    {
        Admission present = _admission ?? throw new InvalidOperationException("A unit renews what it has been given.");
        bool isOfAnother = present.Trust()?.Authority is { } authority && authority != station.Authority;
        if (!refused && !isOfAnother && !present.IsDueForRenewal(time.GetUtcNow())) return present;
        try
        {
            using EnrolmentClient client = new(station.Address, station.Authority);
            StartupPacket packet = StartupPacketBuilder.Build(identity, systemName, isOfAnother ? station.Token : null, station.Authority);
            EnrolmentAnswer answer = await client.SendAsync(packet, cancellationToken);
            if (answer.State == EnrolmentState.Approved) return Keep(answer);
            log.LogWarning("The station does not know this unit any more, and a person is to approve it: compare the short code {ShortCode} there.", identity.ShortCode(station.Authority));
            return present;
        }
        catch (Exception failure) when (failure is UnitFailure || IsPassing(failure, cancellationToken))
        {
            log.LogWarning("The certificate could not be renewed; the present one is used on: {Reason}", failure.Message);
            return present;
        }
    }

    private static bool IsPassing(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private Admission Keep(EnrolmentAnswer answer)
    {
        Admission admission = new(answer.Certificate!, answer.CaCertificate!, answer.LinkEndpoint!, station.Address);
        identity.WithKey(admission.Certificate).Dispose();
        log.LogInformation("Admitted to the pool as {MemberId}.", identity.MemberId);
        return Keep(admission);
    }

    private Admission Keep(Admission admission)
    {
        admission.Save(state);
        _request = null;
        return _admission = admission;
    }
}
