using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>The connections that units have dialled. Failures of the network are exceptions of I/O; the reconciler catches them.</summary>
public interface IUnitLinks
{
    /// <summary>True while the unit's connection stands.</summary>
    bool IsConnected(Guid unitId);

    /// <summary>Cuts the unit's connection; nothing happens when it has none.</summary>
    void End(Guid unitId);

    /// <summary>Asks what the unit can serve.</summary>
    Task<UnitInventory> EnquireAsync(Guid unitId, CancellationToken cancellationToken);

    /// <summary>Asks for one page of the legs that lie on the unit's stores, in order of their identities.</summary>
    Task<FoundLegPage> LegsAsync(Guid unitId, Guid after, bool unservedOnly, CancellationToken cancellationToken);

    /// <summary>Hands the unit its configuration and returns where it stands. An older generation or lock epoch is refused with <see cref="GenerationRefusedException"/>.</summary>
    Task<ConfigurationStatus> PushAsync(Guid unitId, ConfigurationPush push, CancellationToken cancellationToken);
}
