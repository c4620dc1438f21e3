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

    /// <inheritdoc/>
    public Task<FoundLegPage> LegsAsync(Guid unitId, Guid after, bool unservedOnly, CancellationToken cancellationToken) =>
        Present(unitId).LegsAsync(after, unservedOnly, cancellationToken);

    /// <summary>
    /// Takes a new link into service, unless another of the same unit answers still: a unit redials only when its old connection is dead, so
    /// that two that answer are two machines.
    /// </summary>
    /// <param name="link">The new link.</param>
    /// <param name="onAdded">Runs while no other link comes or goes, so that presence hears of the changes in their order.</param>
    /// <param name="cancellationToken">The new link ended.</param>
    /// <returns>The other link that is alive, or null when the new one is in service.</returns>
    public async Task<UnitLink?> TryAddAsync(UnitLink link, Action onAdded, CancellationToken cancellationToken)
    {
        for (UnitLink? dead = null; ;)
        {
            UnitLink? present = Replace(link, dead, onAdded);
            if (present == dead)
            {
                dead?.End();
                return null;
            }

            if (await present!.AnswersAsync(cancellationToken)) return present;
            dead = present;
        }
    }

    // Gives back the link that stands in the way: none, or the one that is known to be dead, does not.
    private UnitLink? Replace(UnitLink link, UnitLink? dead, Action onAdded)
    {
        lock (_gate)
        {
            UnitLink? present = _links.GetValueOrDefault(link.UnitId);
            if (present is not null && present != dead) return present;
            _links[link.UnitId] = link;
            onAdded();
            return dead;
        }
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

    /// <inheritdoc/>
    public void End(Guid unitId) => Find(unitId)?.End();

    private UnitLink Present(Guid unitId) => Find(unitId) ?? throw new IOException($"Unit {unitId} is not connected.");

    private UnitLink? Find(Guid unitId)
    {
        lock (_gate) return _links.GetValueOrDefault(unitId);
    }
}
