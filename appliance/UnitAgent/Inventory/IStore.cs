using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Inventory;

/// <summary>A place where legs live.</summary>
internal interface IStore
{
    /// <summary>Identity of the store.</summary>
    Guid Id { get; }

    /// <summary>File of a leg's bytes.</summary>
    string ImagePath(Guid legId);

    /// <summary>File of a leg's description.</summary>
    string DescriptionPath(Guid legId);

    /// <summary>What the store has and can still take.</summary>
    StoreInventory Inspect();

    /// <summary>The same; null when the store cannot be read now.</summary>
    StoreInventory? TryInspect();
}

/// <summary>The stores of a unit.</summary>
internal interface IStoreSet
{
    /// <summary>Those that can be used now.</summary>
    IReadOnlyCollection<IStore> All { get; }

    /// <summary>What keeps the others from being used.</summary>
    IReadOnlyList<UnitCondition> Conditions { get; }

    /// <summary>A store by its identity; null when this unit does not have it now.</summary>
    IStore? Find(Guid storeId);

    /// <summary>Looks again: a store may have gone, or come.</summary>
    /// <returns>True when something is different from the last look.</returns>
    bool Look();
}
