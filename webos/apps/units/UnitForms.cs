using VSan.Contracts.Api;
using VSan.WebOs.Parts;

namespace VSan.WebOs.Apps.Units;

/// <summary>The forms about units.</summary>
internal static class UnitForms
{
    public const string MaintenanceId = "maintenance";
    public const string LabelId = "label";
    public const string ClaimId = "claim";
    public const string TokenId = "new-token";

    /// <summary>Begins maintenance.</summary>
    public static Form Maintenance(SafeToStop safety) => new(
        MaintenanceId, $"{UnitPages.PathOf(safety.UnitId)}/maintenance", "Begin maintenance",
        [
            new Field("on", "On") { Kind = FieldKind.Hidden, Value = "on" },
            new Field("reason", "What for") { Note = "Everybody sees it." },
            .. safety.Safe ? (Field[])[] : [new Field("force", "Begin although hosts would lose what is listed") { Kind = FieldKind.Check }],
        ])
    {
        ClassName = safety.Safe ? "primary" : "danger solid",
    };

    /// <summary>The request of <see cref="Maintenance"/>.</summary>
    public static MaintenanceSet ReadMaintenance(FormValues values) => new(values.Ticked("on"), values.Optional("reason"), values.Ticked("force"));

    /// <summary>Labels of a unit.</summary>
    public static Form Label(Unit unit) => new(
        LabelId, $"{UnitPages.PathOf(unit.Id)}/label", "Set labels",
        new Field("labels", "Labels") { Value = UnitPages.LabelsOf(unit.Labels), Note = "For example rack=a1, site=north. Copies keep to different racks and sites." });

    /// <summary>Gives disks to the pool.</summary>
    public static Form Claim(Guid unitId, IReadOnlyList<Disk> blank) => new(
        ClaimId, $"{UnitPages.PathOf(unitId)}/claim", "Claim the chosen disks",
        new Field("disk", "Blank disks") { Kind = FieldKind.Many, Pointer = "/diskIds", Choices = [.. blank.Select(disk => new Choice(disk.Id, $"{disk.Path}, {disk.Model} {disk.SerialNumber}"))] })
    {
        Try = "What would happen?",
    };

    /// <summary>An enrolment token.</summary>
    public static Form Token() => new(
        TokenId, "/app/units/tokens", "Create token",
        new Field("uses", "Units that it admits") { Kind = FieldKind.Number, Value = "1" },
        new Field("hours", "Hours that it lasts") { Kind = FieldKind.Number, Pointer = "/lifetimeSeconds", Value = "3" },
        new Field("labels", "Labels of the units") { Note = "For example rack=a1, site=north." },
        new Field("approve", "Admit them at once") { Kind = FieldKind.Check, Value = "on" });

    /// <summary>The request of <see cref="Token"/>.</summary>
    public static TokenCreate ReadToken(FormValues values) => new(
        values.Ticked("approve"), values.Count("uses"), values.Count("hours", "/lifetimeSeconds") * 3600L, values.Labels("labels", "/labels"));
}
