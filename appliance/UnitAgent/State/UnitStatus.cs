using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.State;

/// <summary>What a running agent leaves in <c>status.json</c> for <c>vsan-unit status</c>.</summary>
/// <param name="Phase">How far it is: <c>enrolling</c>, <c>pending</c> or <c>admitted</c>.</param>
/// <param name="ShortCode">What a person compares with the station's screen; null until the station is found.</param>
/// <param name="Linked">True while the link to the station stands.</param>
/// <param name="BlockServerRunning">True while iSCSI is served.</param>
/// <param name="Sessions">Logged-in iSCSI sessions.</param>
/// <param name="Configuration">Generations and conditions.</param>
internal sealed record UnitStatus(string Phase, string? ShortCode, bool Linked, bool BlockServerRunning, int Sessions, ConfigurationStatus Configuration)
{
    /// <summary>What people call this unit.</summary>
    public string? Name { get; init; }

    /// <summary>The station that is asked; null until one is found.</summary>
    public Uri? Station { get; init; }

    /// <summary>Why the agent ended last; null while it runs.</summary>
    public string? Failure { get; init; }

    /// <summary>An agent that has found out nothing yet.</summary>
    public static UnitStatus Beginning { get; } = new("enrolling", null, Linked: false, BlockServerRunning: false, Sessions: 0, new ConfigurationStatus(0, 0, []));
}
