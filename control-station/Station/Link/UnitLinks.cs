using VSan.Contracts.UnitLink;
using VSan.Station.Execution;

namespace VSan.Station.Link;

/// <summary>The links that stand now, one for each unit at most.</summary>
internal sealed class UnitLinks : IUnitLinks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, UnitLink> _links = [];

    /// <inheritdoc/>
    public bool IsConnected(Guid unitId) => Find(unitId) is not null;

    /// <inheritdoc/>
    public Task<UnitInventory> EnquireAsync(Guid unitId, CancellationToken cancellationToken) => Present(unitId).EnquireAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ConfigurationStatus> PushAsync(Guid unitId, ConfigurationPush push, CancellationToken cancellationToken) =>
        Present(unitId).PushAsync(push, cancellationToken);

    /// <summary>Takes a new link into service; an older one of the same unit ends, for a unit that redialled knows its old connection to be dead.</summary>
    /// <param name="link">The new link.</param>
    /// <param name="onAdded">Runs while no other link comes or goes, so that presence hears of the changes in their order.</param>
    public void Add(UnitLink link, Action onAdded)
    {
        UnitLink? replaced;
        lock (_gate)
        {
            _links.Remove(link.UnitId, out replaced);
            _links.Add(link.UnitId, link);
            onAdded();
        }

        replaced?.End();
    }

    /// <summary>Takes a link out of service, unless it has been replaced already.</summary>
    /// <param name="link">The link.</param>
    /// <param name="onRemoved">Runs when the unit is without a link now.</param>
    public void Remove(UnitLink link, Action onRemoved)
    {
        lock (_gate)
        {
            if (_links.GetValueOrDefault(link.UnitId) != link) return;
            _links.Remove(link.UnitId);
            onRemoved();
        }
    }

    /// <summary>Ends the link of a unit that was forgotten; its certificate is refused when it dials again.</summary>
    public void End(Guid unitId) => Find(unitId)?.End();

    private UnitLink Present(Guid unitId) => Find(unitId) ?? throw new IOException($"Unit {unitId} is not connected.");

    private UnitLink? Find(Guid unitId)
    {
        lock (_gate) return _links.GetValueOrDefault(unitId);
    }
}
