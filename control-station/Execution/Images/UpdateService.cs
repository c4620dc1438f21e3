using VSan.Contracts;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;
using OperationState = VSan.Station.Domain.OperationState;
using Unit = VSan.Station.Domain.Unit;

namespace VSan.Station.Execution;

/// <summary>Starts units with other images.</summary>
public sealed class UpdateService
{
    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;
    private readonly OperationEngine _engine;

    internal UpdateService(Ledger ledger, UnitReconcilers reconcilers, OperationEngine engine) => (_ledger, _reconcilers, _engine) = (ledger, reconcilers, engine);

    /// <summary>Updates one unit. Asked again, it is the operation that does, or did, so.</summary>
    public async Task<Operation> UpdateAsync(Caller caller, Guid unitId, UnitUpdateRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "unit.update",
            $"unit/{unitId}",
            (transaction, now) =>
            {
                Unit unit = transaction.Require<Unit>(unitId, "unit");
                ApplianceImage image = transaction.Table<ApplianceImage>().Where(Lookups.ImageVersion, request.Version) is [var found] ? found : throw ProblemException.NotFound("image", request.Version);
                return Known(transaction, unit, image) ?? Begin(transaction, now, caller, unit, image);
            },
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    private static Domain.Operation? Known(IStationTransaction transaction, Unit unit, ApplianceImage image)
    {
        string title = UnitRecipes.UpdateTitle(unit, image);
        if (transaction.RunningOn(unit.Id, OperationCatalog.UnitUpdate) is { } running)
            return running.Title == title && !running.Undoing ? running : throw new ProblemException("unit-updating", $"{running.Title} has not ended.", "Await it, or cancel it.");
        return unit.ImageVersion != image.Version ? null : transaction.Table<Domain.Operation>().Where(Lookups.OperationSubject, unit.Id.ToString())
            .LastOrDefault(operation => operation is { Kind: OperationCatalog.UnitUpdate, State: OperationState.Succeeded } && operation.Title == title);
    }

    private Domain.Operation Begin(IStationTransaction transaction, DateTimeOffset now, Caller caller, Unit unit, ApplianceImage image)
    {
        if (!unit.IsAdmitted || unit.Phase == UnitPhase.Joining) throw new ProblemException("unit-phase", $"{unit.Name} is not in service.", "Update units that are in the pool.");
        _engine.RequireInStep(transaction, unit.Id);
        RequireUpdatable(unit, image, _reconcilers.ImageOf(unit.Id));
        transaction.Table<UnitUpdate>().Insert(new UnitUpdate(unit.Id, image.Id, Restart: false));
        return _engine.Start(transaction, now, caller, UnitRecipes.Update(unit, image));
    }

    private static void RequireUpdatable(Unit unit, ApplianceImage image, ImageInventory? runs)
    {
        if (runs is null) throw new ProblemException("unit-not-updatable", $"{unit.Name} has not said that it runs the appliance's image.", "Wait until it is within reach; a unit that was installed by hand is updated by hand.");
        if (runs.NotUpdatable is { } reason) throw new ProblemException("unit-not-updatable", $"{unit.Name} cannot be updated: {reason}", "Let it start from the network with the new version.");
        if (!ImageVersion.TryParse(runs.Version, out ImageVersion? present) || !ImageVersion.TryParse(image.Version, out ImageVersion? wanted) || wanted > present) return;
        throw new ProblemException("image-not-newer", $"{unit.Name} runs version {present}, which is not older than {wanted}.", "Boot loaders start the newest version that they find: give a version with a greater number.");
    }
}
