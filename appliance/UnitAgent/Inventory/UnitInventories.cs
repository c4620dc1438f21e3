using System.Security.Cryptography;
using System.Text.Json;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.Shares;

namespace VSan.UnitAgent.Inventory;

/// <summary>What this unit can serve, as the station is told.</summary>
internal sealed class UnitInventories(Guid unitId, IReadOnlyList<string> portals, StoreSet stores, DiskClaims disks, LegFindings legs, IShareServer shares, TimeProvider time, Func<ImageInventory?>? image = null)
{
    /// <summary>The answer to an enquiry.</summary>
    public UnitInventory Present() => new(unitId, portals, stores.Inspect(), time.GetUtcNow(), disks.Disks) { IdleLegs = legs.Idle(), LockEpoch = legs.LockEpoch, Services = [shares.Offer], Image = image?.Invoke() };

    /// <summary>Space as it is now.</summary>
    public StoreInventory[] Stores() => stores.Inspect();

    /// <summary>What shares take, as last measured.</summary>
    public IReadOnlyList<ShareUsage> Shares() => shares.Usage;

    /// <summary>Changes when the disks, the set of stores, the idle legs or the image do; free space and other legs do not count.</summary>
    public string Digest()
    {
        UnitInventory bare = new(unitId, portals, [.. stores.All.Select(store => new StoreInventory(store.Id, store.Path, 0, 0, false, [])).OrderBy(store => store.StoreId)], default, disks.Disks) { IdleLegs = legs.Idle(), Image = image?.Invoke() };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(bare, UnitLinkJson.Default.UnitInventory)).AsSpan(0, 8));
    }
}
