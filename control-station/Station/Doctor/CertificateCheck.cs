using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Station.Certificates;
using VSan.Station.State;

namespace VSan.Station.Doctor;

/// <summary>The authority's and the server's certificates live, for a good while yet, and belong to their keys.</summary>
internal sealed class CertificateCheck : IStationCheck
{
    private static readonly TimeSpan AuthorityNotice = TimeSpan.FromDays(365);
    private static readonly TimeSpan ServerNotice = TimeSpan.FromDays(30);

    public string Name => "certificates";

    public string Praise => "The CA and the server's certificate are valid and belong to their keys.";

    public IEnumerable<Finding> Examine(StateDirectory state, DateTimeOffset now) =>
    [
        .. Life(
            state, now, StateDirectory.AuthorityCertificate, StateDirectory.AuthorityKey, AuthorityNotice,
            "Plan a new pool authority: all units and hosts have to pin it, and join again."),
        .. state.Has(StateDirectory.ServerCertificate)
            ? Life(state, now, StateDirectory.ServerCertificate, StateDirectory.ServerKey, ServerNotice, "Restart the station: it makes a new one at its start.")
            : [],
    ];

    private IEnumerable<Finding> Life(StateDirectory state, DateTimeOffset now, string name, string key, TimeSpan notice, string action)
    {
        using X509Certificate2 certificate = KeyFiles.Load(state, name, key);
        DateTimeOffset begin = certificate.NotBefore, end = certificate.NotAfter;
        string life = string.Create(CultureInfo.InvariantCulture, $"{state.PathOf(name)} is valid from {begin:u} to {end:u}");
        if (now < begin) return [new Finding(Name, FindingSeverity.Error, $"{life}, and that is not yet.", "Set the clock of this machine.")];
        if (now > end) return [new Finding(Name, FindingSeverity.Error, $"{life}, and that is over.", action)];
        return end - now < notice ? [new Finding(Name, FindingSeverity.Warning, $"{life}, and that is soon.", action)] : [];
    }
}
