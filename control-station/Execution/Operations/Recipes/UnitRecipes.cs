using VSan.Station.Domain;
using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>Operations on units.</summary>
internal static class UnitRecipes
{
    /// <summary>Empties a unit that is cordoned already.</summary>
    public static Recipe Drain(Unit unit) => new(
        OperationCatalog.UnitDrain,
        $"Drain {unit.Name}",
        unit.Id,
        [Recipe.Done("cordon it", BeginDrain.Kind, unit.Id), Recipe.Todo("move its legs away", EmptyUnit.Kind, unit.Id)],
        []);

    /// <summary>Starts a unit with an image; that it is wanted is noted already.</summary>
    public static Recipe Update(Unit unit, ApplianceImage image) => new(
        OperationCatalog.UnitUpdate,
        UpdateTitle(unit, image),
        unit.Id,
        [
            Recipe.Done("note the version", BeginUpdate.Kind, unit.Id),
            Recipe.Configure(unit),
            Recipe.Todo("put it on the boot disk", StageImage.Kind, unit.Id),
            Recipe.Todo("wait until the unit may be stopped", AwaitSafeToStop.Kind, unit.Id),
            Recipe.Todo("start it and await its health", StartImage.Kind, unit.Id),
            Recipe.Todo("take the unit back into service", FinishUpdate.Kind, unit.Id),
        ],
        []);

    /// <summary>What it is called, by which its repetition is known.</summary>
    public static string UpdateTitle(Unit unit, ApplianceImage image) => $"Update {unit.Name} to {image.Version}";
}
