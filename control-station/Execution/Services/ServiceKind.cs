using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// A kind of service of the pool. Enrolment, inventory, placement, quotas, operations, events and audit are the pool's own and know no kind;
/// a kind says how a member describes itself for it, and what is to be known of its objects. It is entered in <see cref="ServiceKinds"/>.
/// </summary>
/// <param name="name">Its name, for example <c>storage.block</c>.</param>
/// <param name="title">What it is, for people.</param>
/// <param name="collection">Where its objects are under the API's root; also what they are called.</param>
/// <param name="verbs">The kinds of operations that a request for it goes through.</param>
internal abstract class ServiceKind(string name, string title, string collection, ServiceVerbs verbs)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it is, for people.</summary>
    public string Title { get; } = title;

    /// <summary>Where its objects are under the API's root; also what they are called.</summary>
    public string Collection { get; } = collection;

    /// <summary>The kinds of operations that a request for it goes through.</summary>
    public ServiceVerbs Verbs { get; } = verbs;

    /// <summary>How a unit describes itself for the kind, as it was last asked.</summary>
    public abstract ServiceOffer OfferOf(Unit unit);

    /// <summary>How many things of the kind lie on a unit.</summary>
    /// <param name="transaction">The store.</param>
    /// <param name="unitId">The unit.</param>
    /// <param name="storeId">On this store of it alone; null for all.</param>
    public abstract int CountOn(IStationTransaction transaction, Guid unitId, Guid? storeId = null);

    /// <summary>Bytes that its objects in a project are promised.</summary>
    public abstract long PromisedBytes(IStationTransaction transaction, Guid projectId);

    /// <summary>How many objects a project has of the kind.</summary>
    public abstract int CountIn(IStationTransaction transaction, Guid projectId);

    /// <summary>How many of its objects a host may use.</summary>
    public abstract int CountFor(IStationTransaction transaction, Guid hostId);

    /// <summary>A unit is forgotten: its objects there leave the pool, and what may lie on the unit becomes tombstones.</summary>
    public abstract void Leave(IStationTransaction transaction, DateTimeOffset now, Unit unit);
}

/// <summary>The kinds of operations that a request for a service goes through; each with stored steps that can be undone.</summary>
/// <param name="Allocate">Makes what was requested.</param>
/// <param name="Bind">Lets a consumer use it.</param>
/// <param name="Release">Takes it from a consumer.</param>
/// <param name="Free">Gives back what was allocated.</param>
internal sealed record ServiceVerbs(string Allocate, string Bind, string Release, string Free);
