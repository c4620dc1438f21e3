using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.State;

/// <summary>What a running agent leaves in <c>status.json</c> for <c>vsan-unit status</c>.</summary>
/// <param name="Phase">How far it is: <c>enrolling</c>, <c>pending</c> or <c>admitted</c>.</param>
/// <param name="ShortCode">What a person compares with the station's screen; null until the station is found.</param>
/// <param name="Linked">True while the link to the station stands.</param>
/// <param name="BlockServerRunning">True while iSCSI is served.</param>
/// <param name="Sessions">Logged-in iSCSI sessions.</param>
/// <param name="Configuration">Generations and conditions.</param>
internal sealed record UnitStatus(string Phase, string? ShortCode, bool Linked, bool BlockServerRunning, int Sessions, ConfigurationStatus Configuration);
