using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Inventory.Disks;

/// <summary>The disks of a unit as its reconciler uses them. Used under the reconciler's gate only.</summary>
internal interface IDiskClaims
{
    /// <summary>Looks at the disks again.</summary>
    Task ScanAsync(CancellationToken cancellationToken);

    /// <summary>Does what is left to do for each claim.</summary>
    /// <returns>Why a disk is not a store.</returns>
    Task<IReadOnlyList<UnitCondition>> ApplyAsync(IReadOnlyList<DiskClaimSpec> claims, CancellationToken cancellationToken);
}
