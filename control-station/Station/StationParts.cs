using System.Net;
using System.Security.Cryptography.X509Certificates;
using VSan.Images;
using VSan.Station.Certificates;
using VSan.Station.Enrolment;
using VSan.Station.Execution;

namespace VSan.Station;

/// <summary>What a station is composed of. Whoever made the parts disposes of them, after the host.</summary>
/// <param name="Listen">Where HTTPS is served: API, web OS, enrolment. Port 0 takes a free one.</param>
/// <param name="Link">Where units dial.</param>
/// <param name="Store">The station's memory.</param>
/// <param name="Authority">The pool's CA.</param>
/// <param name="Protector">Seals secrets for the store.</param>
/// <param name="ServerCertificate">What the station shows.</param>
/// <param name="Time">The clock.</param>
/// <param name="StatePath">The state directory, which the doctor looks at and daily copies go to.</param>
internal sealed record StationParts(
    IPEndPoint Listen,
    IPEndPoint Link,
    IStationStore Store,
    PoolAuthority Authority,
    ISecretProtector Protector,
    X509Certificate2 ServerCertificate,
    TimeProvider Time,
    string StatePath)
{
    /// <summary>Whose images are believed.</summary>
    public ImageSigners ImageSigners { get; init; } = ImageSigners.None;

    /// <summary>Startup packets that one address may send each second.</summary>
    public int EnrolmentPerSecond { get; init; } = EnrolmentRate.PerSecondDefault;
}
