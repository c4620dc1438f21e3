using System.Globalization;
using System.Text;

namespace VSan.Station.Domain;

/// <summary>What one unit is to serve, decided whole: execution has nothing left to choose.</summary>
/// <param name="Unit">The unit, with the generation this plan has.</param>
/// <param name="Legs">Its legs with their volumes, by identity.</param>
/// <param name="Access">Its hosts, by initiator name.</param>
/// <param name="Removals">Legs that it is to delete, by identity.</param>
public sealed record UnitPlan(Unit Unit, IReadOnlyList<PlannedLeg> Legs, IReadOnlyList<PlannedAccess> Access, IReadOnlyList<PlannedRemoval> Removals)
{
    /// <summary>The plan for a person, a line for each leg and each logical unit; equal plans print equally.</summary>
    public string Print()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"unit {Unit.Name} generation {Unit.WantedGeneration} target {Unit.TargetName}\n");
        foreach ((Leg leg, Volume volume) in Legs)
        {
            string kind = volume.Thin ? "thin" : "thick";
            text.Append(CultureInfo.InvariantCulture, $"  leg {leg.Id} volume {volume.Name} store {leg.StoreId} {leg.SizeBytes} bytes {kind}\n");
        }

        foreach (PlannedAccess access in Access)
        {
            text.Append(CultureInfo.InvariantCulture, $"  host {access.Host.Name} {access.Host.InitiatorName}\n");
            foreach ((Mapping mapping, Leg leg) in access.Luns)
                text.Append(CultureInfo.InvariantCulture, $"    lun {mapping.Lun} leg {leg.Id}{(mapping.ReadOnly ? " read-only" : string.Empty)}\n");
        }

        foreach (PlannedRemoval removal in Removals) text.Append(CultureInfo.InvariantCulture, $"  remove leg {removal.LegId} store {removal.StoreId}\n");
        return text.ToString();
    }
}

/// <summary>A leg that the unit is to keep.</summary>
public sealed record PlannedLeg(Leg Leg, Volume Volume);

/// <summary>A leg that the unit is to delete.</summary>
public sealed record PlannedRemoval(Guid StoreId, Guid LegId);

/// <summary>A host that may log in, and what it sees.</summary>
public sealed record PlannedAccess(Host Host, Credential Credential, IReadOnlyList<PlannedLun> Luns);

/// <summary>One logical unit of a host.</summary>
public sealed record PlannedLun(Mapping Mapping, Leg Leg);
