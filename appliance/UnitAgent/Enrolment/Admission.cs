using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.UnitAgent.Discovery;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Enrolment;

/// <summary>The station has admitted this unit: from here on no token is needed, ever.</summary>
/// <param name="Certificate">Client certificate, PEM.</param>
/// <param name="CaCertificate">The pool's CA, PEM.</param>
/// <param name="LinkEndpoint">host:port that the unit dials.</param>
/// <param name="Station">The station that admitted it; null in a file of an earlier version.</param>
internal sealed record Admission(string Certificate, string CaCertificate, string LinkEndpoint, Uri? Station = null)
{
    private const string FileName = "admission.json";

    /// <summary>The admission of an earlier start; null when there was none.</summary>
    public static Admission? Load(StateDirectory state) => DurableFile.Read(state.FilePath(FileName), StateJson.Default.Admission);

    /// <summary>Keeps the admission, durably.</summary>
    public void Save(StateDirectory state) => DurableFile.Write(state.FilePath(FileName), this, StateJson.Default.Admission);

    /// <summary>The station that admitted this unit, by its own CA; null when it is not known.</summary>
    public StationTrust? Trust()
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(CaCertificate);
        return Station is null ? null : new StationTrust(Station, CaFingerprint.Of(authority));
    }

    /// <summary>True once two thirds of the certificate's life are over: the time to ask for the next one.</summary>
    public bool IsDueForRenewal(DateTimeOffset now)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(Certificate);
        DateTime from = certificate.NotBefore.ToUniversalTime();
        TimeSpan life = certificate.NotAfter.ToUniversalTime() - from;
        return now.UtcDateTime >= from + (life * 2 / 3);
    }
}
