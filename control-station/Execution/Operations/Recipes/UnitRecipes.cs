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
}
