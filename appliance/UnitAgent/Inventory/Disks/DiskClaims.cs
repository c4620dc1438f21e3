using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Inventory.Disks;

/// <summary>
/// Makes stores of the disks that the configuration gives to the pool.
/// <code>
///   blank ──mkfs.xfs, its UUID the store's──► ours ──mount──► STATE/stores/STORE ──► a store of this unit
///   ours, of this claim ──mount──► the same                  foreign, missing ──► a condition; nothing is touched
/// </code>
/// Each step may be cut off by a power failure and begun again: the file system's own UUID says which claim it was made for.
/// </summary>
/// <remarks>Used under the reconciler's gate only.</remarks>
internal sealed class DiskClaims(DiskScanner scanner, StoreSet stores, string mountFolder) : IDiskClaims
{
    /// <summary>The disks of this unit, as last looked at.</summary>
    public IReadOnlyList<DiskInventory> Disks => scanner.Disks;

    /// <inheritdoc/>
    public Task ScanAsync(CancellationToken cancellationToken) => scanner.ScanAsync(again: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UnitCondition>> ApplyAsync(IReadOnlyList<DiskClaimSpec> claims, CancellationToken cancellationToken)
    {
        List<UnitCondition> conditions = [];
        foreach (DiskClaimSpec claim in claims.Where(claim => stores.Find(claim.StoreId) is null))
        {
            if (await TakeAsync(claim, cancellationToken) is { } condition) conditions.Add(condition with { LegId = claim.StoreId });
        }

        await ReleaseAsync(claims, conditions, cancellationToken);
        return conditions;
    }

    private async Task<UnitCondition?> TakeAsync(DiskClaimSpec claim, CancellationToken cancellationToken)
    {
        IReadOnlyList<DiskInventory> disks = await scanner.ScanAsync(claim.DiskId, cancellationToken);
        switch (disks.FirstOrDefault(disk => disk.DiskId == claim.DiskId))
        {
            case null:
                return new("disk-missing", $"Disk {claim.DiskId} of store {claim.StoreId} is not here. Plug it in.");
            case { State: DiskState.Blank } blank when blank.SizeBytes == claim.SizeBytes:
                return await FormatAsync(blank, claim, cancellationToken) ?? await MountAsync(blank, claim, cancellationToken);
            case { State: DiskState.Ours } ours when ours.StoreId == claim.StoreId:
                return await MountAsync(ours, claim, cancellationToken);
            case { } other:
                return new("disk-foreign", $"Disk {claim.DiskId} ({other.Path}) is not blank: {other.Content ?? $"{other.SizeBytes} bytes, not {claim.SizeBytes}"}. It is not touched; wipe it by hand, or withdraw the claim.");
        }
    }

    // Without -f mkfs.xfs refuses by itself what carries a signature: a second look, after ours.
    private static async Task<UnitCondition?> FormatAsync(DiskInventory disk, DiskClaimSpec claim, CancellationToken cancellationToken)
    {
        (int code, _, string error) = await Tool.RunAsync(
            "mkfs.xfs", ["-q", "-m", $"reflink=1,uuid={claim.StoreId:D}", "-L", DiskProbe.Label, disk.Path], cancellationToken);
        return code == 0 ? null : new("apply-failed", $"{disk.Path} could not be formatted: {error}");
    }

    private async Task<UnitCondition?> MountAsync(DiskInventory disk, DiskClaimSpec claim, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(mountFolder, claim.StoreId.ToString("D"));
        if (DiskProbe.MountOf(Path.GetFileName(disk.Path)) != folder)
        {
            _ = Directory.CreateDirectory(folder);
            (int code, _, string error) = await Tool.RunAsync("mount", ["-t", "xfs", "-o", "noatime,nodev,nosuid,noexec", disk.Path, folder], cancellationToken);
            if (code != 0) return new("apply-failed", $"{disk.Path} could not be mounted: {error}");
        }

        stores.Adopt(folder, claim.StoreId);
        _ = await scanner.ScanAsync(claim.DiskId, cancellationToken);
        return null;
    }

    // A claim that was withdrawn: the disk keeps its store, and is claimed again or wiped by hand.
    private async Task ReleaseAsync(IReadOnlyList<DiskClaimSpec> claims, List<UnitCondition> conditions, CancellationToken cancellationToken)
    {
        foreach (string folder in stores.Adopted.Where(folder => claims.All(claim => Path.GetFileName(folder) != claim.StoreId.ToString("D"))).ToArray())
        {
            stores.Release(folder);
            (int code, _, string error) = await Tool.RunAsync("umount", [folder], cancellationToken);
            if (code != 0) conditions.Add(new("apply-failed", $"{folder} could not be unmounted: {error}"));
        }
    }
}
