using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Claims disks within one transaction, for people and for rules.</summary>
internal sealed class DiskClaiming(IStationTransaction transaction, DateTimeOffset now, OperationEngine engine)
{
    /// <summary>The identities of the disks of a unit that are claimed.</summary>
    public IReadOnlySet<string> Claimed(Guid unitId) =>
        transaction.Table<DiskClaim>().Where(Lookups.ClaimUnit, unitId.ToString()).Select(claim => claim.DiskId).ToHashSet(StringComparer.Ordinal);

    /// <summary>Claims one disk: the unit's configuration names it from here on, and an operation follows the unit.</summary>
    public Operation Claim(Caller caller, Unit unit, DiskInventory disk)
    {
        DiskClaim claim = transaction.Table<DiskClaim>().Insert(new DiskClaim(
            transaction.NewId(now), unit.Id, disk.DiskId, disk.Model, disk.SizeBytes, caller.Name, now));
        transaction.AppendEvent(now, "disk.claimed", $"unit/{unit.Id}", $"Disk {disk.DiskId} of {unit.Name} was claimed by {caller.Name}.");
        return engine.Start(transaction, now, caller, DiskRecipes.Claim(unit, claim));
    }
}
