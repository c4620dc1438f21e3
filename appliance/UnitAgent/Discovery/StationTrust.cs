using VSan.Contracts.Enrolment;

namespace VSan.UnitAgent.Discovery;

/// <summary>The one station that this unit asks, and why it is believed.</summary>
/// <param name="Address">Its HTTPS address.</param>
/// <param name="Authority">Fingerprint of the CA: pinned beforehand, or offered by the station and compared by a person through the short code.</param>
/// <param name="Token">What the unit proves itself with; null asks for a person's approval.</param>
internal sealed record StationTrust(Uri Address, CaFingerprint Authority, EnrolmentToken? Token = null);

/// <summary>What one source says of the station; each part may be missing.</summary>
internal sealed record StationHint(Uri? Address, CaFingerprint? Authority, EnrolmentToken? Token)
{
    /// <summary>A source that says nothing.</summary>
    public static StationHint None { get; } = new(null, null, null);

    /// <summary>This source where it says something, the other where it does not.</summary>
    public StationHint Or(StationHint other) => new(Address ?? other.Address, Authority ?? other.Authority, Token ?? other.Token);
}
