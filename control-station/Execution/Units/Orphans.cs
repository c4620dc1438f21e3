using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What the station itself does about orphans: it calls a person, and sees a deletion through that a person asked for. It never begins one.</summary>
internal static class Orphans
{
    private const string Kind = "leg.orphan";

    /// <summary>Raises or clears the alarm of a unit.</summary>
    public static void SetAlarm(IStationTransaction transaction, DateTimeOffset now, Unit unit, bool hasOrphans) => transaction.SetAlarm(
        now,
        Kind,
        $"unit/{unit.Id}",
        hasOrphans ? AlarmSeverity.Warning : null,
        hasOrphans
            ? $"{unit.Name} has legs that no volume knows. They are not served and not deleted: 'vsan orphan list' shows them; adopt or delete each."
            : $"{unit.Name} has no legs any more that no volume knows.");

    /// <summary>True when something is to be given up that a unit keeps by the document that it serves.</summary>
    public static bool HasDiscards(IStationTransaction transaction, Guid unitId) =>
        transaction.Table<LegTombstone>().Where(Lookups.LegTombstoneUnit, unitId.ToString()).Any(grave => grave.Discard);

    /// <summary>
    /// The unit keeps what a person gave up by the document that it serves; the next one drops it, and the unit deletes it. Until it is gone it
    /// is a leftover that promises nothing, so that nobody takes it for an orphan again.
    /// </summary>
    public static bool DropDiscards(IStationTransaction transaction, DateTimeOffset now, Unit unit)
    {
        LegTombstone[] graves = [.. transaction.Table<LegTombstone>().Where(Lookups.LegTombstoneUnit, unit.Id.ToString()).Where(grave => grave.Discard)];
        if (graves.Length == 0) return false;
        long gone = transaction.RaiseGeneration(unit.Id);
        foreach (LegTombstone grave in graves)
        {
            transaction.Table<LegTombstone>().Delete(grave.Id);
            transaction.Table<Leftover>().Insert(new Leftover(grave.Id, unit.Id, grave.StoreId, SizeBytes: 0, gone));
            transaction.AppendEvent(now, "orphan.deleted", $"unit/{unit.Id}", $"{unit.Name} deletes leg {grave.Id} of {(grave.VolumeName.Length > 0 ? $"volume {grave.VolumeName}" : "an unknown volume")}.");
        }

        return true;
    }
}
