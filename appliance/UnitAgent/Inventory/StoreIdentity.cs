namespace VSan.UnitAgent.Inventory;

/// <summary>Content of a store's <c>store.json</c>: whose it is.</summary>
/// <param name="Format">Version of the store's layout; see docs/formats.md.</param>
/// <param name="StoreId">Identity, which moves with the disk.</param>
/// <param name="UnitId">The unit that made it.</param>
internal sealed record StoreIdentity(int Format, Guid StoreId, Guid UnitId)
{
    /// <summary>The layout that this program writes and reads.</summary>
    public const int FormatPresent = 1;
}
