using VSan.Station.Domain;
using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>Operations on disks.</summary>
internal static class DiskRecipes
{
    /// <summary>Makes a store of a disk; the claim is noted already.</summary>
    public static Recipe Claim(Unit unit, DiskClaim claim) => new(
        OperationCatalog.DiskClaim,
        $"Claim disk {claim.DiskId} of {unit.Name}",
        claim.Id,
        [
            Recipe.Done("note the claim", ClaimDisk.Kind, claim.Id),
            Recipe.Todo("format and mount the disk", MakeOnUnit.Kind, unit.Id),
            Recipe.Todo("take the store into the pool", PublishDisk.Kind, claim.Id),
        ],
        [OperationLock.Exclusive(LockPath.Disk(unit.Id, claim.DiskId))]);
}
