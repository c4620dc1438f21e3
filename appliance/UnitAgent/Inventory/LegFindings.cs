using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Inventory;

/// <summary>The files on this unit's stores that look like legs, and what the accepted document makes of them. Looks only; any thread may ask.</summary>
internal sealed class LegFindings(Guid unitId, IStoreSet stores, IFiles files, ConfigurationStore accepted)
{
    /// <summary>Legs on a page: with a description of 2 KiB each a page is 1 MiB, which the link carries.</summary>
    private const int PageMax = 500;

    /// <summary>The greatest lock epoch that this unit has heard of.</summary>
    public long LockEpoch => accepted.Present?.LockEpoch ?? 0;

    /// <summary>Legs of which the accepted document says nothing, in order.</summary>
    public IReadOnlyList<Guid> Idle() => [.. All().Where(found => found.Use == LegUse.Idle).Select(found => found.LegId)];

    /// <summary>One page of legs behind one of them.</summary>
    /// <param name="after">The last one of the page before; empty for the first page.</param>
    /// <param name="unservedOnly">True: only those that are kept or idle.</param>
    public FoundLegPage Page(Guid after, bool unservedOnly)
    {
        (IStore Store, Guid LegId, LegUse Use)[] rest =
            [.. All().Where(found => found.LegId.CompareTo(after) > 0 && (!unservedOnly || found.Use is LegUse.Kept or LegUse.Idle)).Take(PageMax + 1)];
        return new FoundLegPage([.. rest.Take(PageMax).Select(found => Describe(found.Store, found.LegId, found.Use))], rest.Length > PageMax, accepted.Present?.Document.Generation ?? 0);
    }

    private IEnumerable<(IStore Store, Guid LegId, LegUse Use)> All()
    {
        Dictionary<Guid, LegUse> uses = accepted.Present?.Uses() ?? [];
        return from store in stores.All
               from legId in store.TryInspect()?.LegIds ?? []
               orderby legId
               select (store, legId, uses.GetValueOrDefault(legId, LegUse.Idle));
    }

    private FoundLeg Describe(IStore store, Guid legId, LegUse use)
    {
        LegDescription? description = TryRead(store.DescriptionPath(legId));
        string image = store.ImagePath(legId);
        return new FoundLeg(store.Id, legId, use, TryMeasure(files.LengthBytes, image), TryMeasure(files.AllocatedBytes, image), description?.UnitId == unitId && description.Leg.LegId == legId, description?.Record);
    }

    private LegDescription? TryRead(string path)
    {
        try
        {
            return DurableFile.Read(files, path, StateJson.Default.LegDescription);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
        {
            return null;
        }
    }

    private long TryMeasure(Func<string, long> measure, string path)
    {
        try
        {
            return files.Exists(path) ? measure(path) : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
