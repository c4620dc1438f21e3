using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>Whether a unit may be stopped now, and what that would do: <c>GET /units/{id}/safe-to-stop</c>.</summary>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="Safe">True: no host would lose its last current copy, and nothing is at work there.</param>
/// <param name="Answer">The same as one sentence.</param>
/// <param name="Volumes">Volumes that would notice, the worst first.</param>
/// <param name="Operations">Operations that wait for this unit.</param>
/// <param name="Maintenance">Where its maintenance stands; null for none.</param>
public sealed record SafeToStop(
    Guid UnitId, string UnitName, bool Safe, string Answer, IReadOnlyList<StoppedVolume> Volumes, IReadOnlyList<Operation> Operations, Maintenance? Maintenance)
{
    /// <summary>Shares that would be out of reach, those that somebody uses first.</summary>
    public IReadOnlyList<StoppedShare> Shares { get; init => field = value ?? []; } = [];
}

/// <summary>A volume that would notice.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Effect">What would become of it.</param>
/// <param name="Hosts">The hosts that use it.</param>
public sealed record StoppedVolume(Guid Id, string Name, StopEffect Effect, IReadOnlyList<string> Hosts);

/// <summary>A share that would be out of reach: there is one copy of it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Effect">What would become of it.</param>
/// <param name="Holders">Hosts and people that use it.</param>
public sealed record StoppedShare(Guid Id, string Name, StopEffect Effect, IReadOnlyList<string> Holders);

/// <summary>What becomes of a volume when one unit stops.</summary>
[JsonConverter(typeof(WireEnumConverter<StopEffect>))]
public enum StopEffect
{
    /// <summary>Hosts have no current copy within reach.</summary>
    Lost,

    /// <summary>Hosts go on with one copy fewer.</summary>
    Degraded,

    /// <summary>Nobody uses it; it cannot be used meanwhile.</summary>
    Unmapped,
}

/// <summary>A unit that somebody works on.</summary>
/// <param name="Since">When it began.</param>
/// <param name="By">Who said so.</param>
/// <param name="Reason">What for; may be empty.</param>
public sealed record Maintenance(DateTimeOffset Since, string By, string Reason);

/// <summary>Begins or ends the maintenance of a unit: <c>POST /units/{id}:maintenance</c>.</summary>
/// <param name="On">True to begin.</param>
/// <param name="Reason">What for; at most 200 characters.</param>
/// <param name="Force">Begin although hosts would lose their last current copy. Default false.</param>
public sealed record MaintenanceSet(bool On, string? Reason, bool? Force);
